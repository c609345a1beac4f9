/** A picture for every product: a drawing made from its id, so that shops look like shops without anybody's photographs. */
import type { ProductState } from "../state/model.ts";

const HUES = [12, 38, 74, 140, 172, 204, 238, 286, 330];

export function productSvg({ id, productType, title }: ProductState): string {
  const seed = [...`${productType}${id}`].reduce(
    (sum, letter) => (sum * 33 + letter.charCodeAt(0)) >>> 0,
    5381,
  );
  const hue = HUES[seed % HUES.length] ?? 12;
  const turn = (seed >>> 4) % 90;
  const kind = (seed >>> 8) % 4;
  const paint = (lightness: number, shift = 0) => `hsl(${(hue + shift) % 360} 45% ${lightness}%)`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 600" role="img">
<title>${title.replace(/[<&]/g, "")}</title>
<rect width="600" height="600" fill="${paint(90)}"/>
<ellipse cx="300" cy="500" rx="190" ry="26" fill="${paint(78)}"/>
${shapes(kind, paint, turn)}
</svg>`;
}

function shapes(kind: number, paint: (lightness: number, shift?: number) => string, turn: number): string {
  switch (kind) {
    case 0:
      return `<rect x="190" y="170" width="220" height="330" rx="36" fill="${paint(48)}"/>
<rect x="215" y="120" width="170" height="60" rx="18" fill="${paint(30)}"/>
<rect x="190" y="270" width="220" height="120" fill="${paint(94)}"/>
<circle cx="300" cy="330" r="34" fill="${paint(58, 40)}"/>`;
    case 1:
      return `<path d="M170 240h230v170a90 90 0 0 1-90 90h-50a90 90 0 0 1-90-90z" fill="${paint(50)}"/>
<path d="M400 280h30a60 60 0 0 1 0 120h-36" fill="none" stroke="${paint(50)}" stroke-width="28"/>
<path d="M170 240h230v40H170z" fill="${paint(36)}"/>
<path d="M240 200q-20-40 0-70m60 70q-20-40 0-70" stroke="${paint(70)}" stroke-width="12" fill="none"/>`;
    case 2:
      return `<path d="M180 220h240l24 280H156z" fill="${paint(52)}"/>
<path d="M240 220v-30a60 60 0 0 1 120 0v30" fill="none" stroke="${paint(32)}" stroke-width="18"/>
<g transform="rotate(${turn} 300 370)"><rect x="250" y="320" width="100" height="100" fill="${paint(80, 30)}"/></g>`;
    default:
      return `<circle cx="300" cy="340" r="160" fill="${paint(54)}"/>
<circle cx="300" cy="340" r="104" fill="${paint(72, 20)}"/>
<g transform="rotate(${turn} 300 340)"><path d="M300 236l26 78h82l-66 48 25 78-67-48-67 48 25-78-66-48h82z" fill="${paint(40)}"/></g>`;
  }
}
