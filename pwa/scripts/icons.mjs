// Draws the app's icons: a tide that rises and ebbs. Pixels by hand, so that no
// image library is needed; run only when the drawing changes.
import { writeFileSync } from "node:fs";
import { deflateSync } from "node:zlib";

const root = new URL("../public/", import.meta.url);
const GREEN = [13, 107, 100];
const PAPER = [250, 248, 244];
const SOFT = [211, 236, 232];

/** Height of the tide at x, both from 0 to 1. */
const tide = (x) => 0.3 + 0.42 * Math.exp(-(((x - 0.36) / 0.22) ** 2));

function pixel(x, y, margin) {
  const u = (x - margin) / (1 - 2 * margin);
  const v = 1 - (y - margin) / (1 - 2 * margin);
  if (u < 0 || u > 1 || v < 0) return GREEN;
  const gap = v - tide(u);
  if (gap < 0) return v < 0.18 ? PAPER : SOFT;
  return gap < 0.05 ? PAPER : GREEN;
}

function png(size, margin) {
  const rows = [];
  for (let y = 0; y < size; y++) {
    const row = [0];
    for (let x = 0; x < size; x++)
      row.push(...pixel((x + 0.5) / size, (y + 0.5) / size, margin));
    rows.push(Buffer.from(row));
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc(body), body.length + 4);
  return out;
}

function crc(bytes) {
  let value = ~0;
  for (const byte of bytes) {
    value ^= byte;
    for (let i = 0; i < 8; i++) value = (value >>> 1) ^ (0xedb88320 & -(value & 1));
  }
  return ~value >>> 0;
}

writeFileSync(new URL("icon-192.png", root), png(192, 0.04));
writeFileSync(new URL("icon-512.png", root), png(512, 0.04));
// A maskable icon keeps its drawing inside the middle four fifths.
writeFileSync(new URL("icon-maskable-512.png", root), png(512, 0.16));
