import { tickText, type Axis, type Scale } from './scale.js';

/** The whole picture, and within it the field that the axes enclose; in pixels. */
export const picture = { width: 720, height: 440 };
export const field = { left: 80, right: 700, top: 76, bottom: 380 };

/** Told apart by those who see no red or no green, too (Okabe and Ito). */
export const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];

export function colourOf(n: number): string {
  return colours[n % colours.length] ?? 'black';
}

type Attributes = Readonly<Record<string, string | number>>;

export function element(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${String(value)}"`);
  return `<${name}${written.join('')}>${content}</${name}>`;
}

export function text(attributes: Attributes, content: string): string {
  const escaped = content.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  return element('text', { 'font-size': 13, fill: '#222', ...attributes }, escaped);
}

/** A picture with its title and what is in it, on white: a page may be dark. */
export function document(title: string, parts: readonly string[]): string {
  const { width, height } = picture;
  const head = text({ x: width / 2, y: 26, 'text-anchor': 'middle', 'font-weight': 'bold' }, title);
  const paper = element('rect', { width, height, fill: 'white' });
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${String(width)} ${String(height)}`,
    'font-family': 'sans-serif',
  };
  return `${element('svg', attributes, `\n${[paper, head, ...parts].join('\n')}\n`)}\n`;
}

/** One word of explanation for each colour, side by side. */
export function legend(names: readonly string[]): readonly string[] {
  const letterPx = 6.5;
  let x = field.left;
  return names.flatMap((name, n) => {
    const mark = element('rect', { x, y: 46, width: 14, height: 10, fill: colourOf(n) });
    const word = text({ x: x + 19, y: 56 }, name);
    x += 30 + name.length * letterPx;
    return [mark, word];
  });
}

export function yOf(scale: Scale, value: number): number {
  return Math.round(field.bottom - scale.at(value) * (field.bottom - field.top));
}

export function xOf(scale: Scale, value: number): number {
  return Math.round(field.left + scale.at(value) * (field.right - field.left));
}

export function yAxis({ label }: Axis, scale: Scale): readonly string[] {
  const { left, right, top, bottom } = field;
  const ticks = scale.ticks.flatMap((value) => {
    const y = yOf(scale, value);
    return [
      element('line', { x1: left, x2: right, y1: y, y2: y, stroke: '#ddd' }),
      text({ x: left - 8, y: y + 4, 'text-anchor': 'end' }, tickText(value)),
    ];
  });
  const middle = (top + bottom) / 2;
  const turned = { transform: `rotate(-90 20 ${String(middle)})`, 'text-anchor': 'middle' };
  return [...ticks, text({ x: 20, y: middle, ...turned }, label)];
}

export function xAxis({ label }: Axis, scale: Scale): readonly string[] {
  const { top, bottom } = field;
  const ticks = scale.ticks.flatMap((value) => {
    const x = xOf(scale, value);
    return [
      element('line', { x1: x, x2: x, y1: top, y2: bottom, stroke: '#ddd' }),
      text({ x, y: bottom + 20, 'text-anchor': 'middle' }, tickText(value)),
    ];
  });
  return [...ticks, xLabel(label)];
}

export function xLabel(label: string): string {
  const { left, right, bottom } = field;
  return text({ x: (left + right) / 2, y: bottom + 46, 'text-anchor': 'middle' }, label);
}
