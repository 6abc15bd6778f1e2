// How a file system is run as a container of Kubernetes would be: another root, nothing of the machine but its network.

/**
 * The command that runs another one in a file system. What belongs to who calls this belongs to the user of the image
 * there; root's files stay root's, if it is root who calls and the user need not own them.
 *
 * @param {{ bwrap: string, root: string, user: string, env: Readonly<Record<string, string>>, isWritable?: boolean,
 *   ownsFiles?: boolean, mounts?: readonly (readonly [from: string, to: string, mode?: string])[], infoFd?: number }}
 *   options `user` is uid:gid; `mounts` are read-only unless their mode is `rw`; the process id of the command is written
 *   to `infoFd`.
 * @param {readonly string[]} command
 */
export function sandboxCommand(options, command) {
  const { bwrap, root, user, env, isWritable = false, ownsFiles = false, mounts = [] } = options;
  const [uid, gid] = user.split(':');
  const words = [
    ...[isWritable ? '--bind' : '--ro-bind', root, '/'],
    ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--chdir', '/'],
    ...mounts.flatMap(([from, to, mode]) => [mode === 'rw' ? '--bind' : '--ro-bind', from, to]),
    ...['--unshare-all', '--share-net', '--die-with-parent', '--as-pid-1', '--clearenv'],
    ...Object.entries({ HOME: '/home/nonroot', ...env }).flatMap(([k, v]) => ['--setenv', k, v]),
    ...(options.infoFd === undefined ? [] : ['--info-fd', String(options.infoFd)]),
  ];
  const isOther = !ownsFiles && process.getuid?.() === 0;
  const before = isOther ? ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'] : [];
  return [...before, bwrap, ...words, '--uid', uid, '--gid', gid, '--', ...command];
}
