import { ec2, lightsail } from './amazon.js';
import { azure } from './azure.js';
import { dns, file, http, staticTargets } from './basic.js';
import {
  digitalOcean,
  gce,
  hetzner,
  ionos,
  linode,
  openstack,
  ovhcloud,
  scaleway,
} from './clouds.js';
import { docker, dockerSwarm } from './containers.js';
import { kubernetes } from './kubernetes.js';
import type { SdMechanism } from './mechanism.js';
import { consul, eureka, kuma, nomad, puppetdb } from './service-registries.js';

/**
 * All lists of service discoveries that a ScrapeConfig may have.
 *
 * @param kubeconfigFile What `kubernetes_sd_configs` get as `kubeconfig_file`; see {@link kubernetes}.
 */
export function sdMechanisms(kubeconfigFile: string): readonly SdMechanism[] {
  return [
    staticTargets,
    file,
    http,
    kubernetes(kubeconfigFile),
    consul,
    dns,
    ec2,
    azure,
    gce,
    openstack,
    digitalOcean,
    kuma,
    eureka,
    docker,
    linode,
    hetzner,
    nomad,
    dockerSwarm,
    puppetdb,
    lightsail,
    ovhcloud,
    scaleway,
    ionos,
  ];
}
