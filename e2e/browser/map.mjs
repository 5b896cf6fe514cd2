// The map file, read on its own: that walls hold is then judged by what a person drew in the map editor, not by the
// code under test. Everything is in tiles, as in the page's snapshot.

import { readFileSync } from 'node:fs';

import { places } from './places.mjs';

const TILE = 16;
// A body's box around the feet: what shared::map::collision calls BODY_WIDTH and BODY_HEIGHT.
const HALF_BODY = { x: 5 / TILE, y: 3 / TILE };
// Snapshots are 32-bit floats.
const TOUCH = 1e-4;

const text = readFileSync(places.map, 'utf8');
const [, columns, rows] = /<map [^>]*?width="(\d+)" height="(\d+)"/.exec(text).map(Number);

export const width = columns;
export const height = rows;
export const walls = objects('collision');
export const rooms = Object.fromEntries(objects('zones').filter((zone) => zone.type === 'room').map(named));
export const spawns = Object.fromEntries(objects('spawns').map(named));

function objects(layer) {
  const start = text.search(new RegExp(`<objectgroup [^>]*name="${layer}"`));
  const group = text.slice(start, text.indexOf('</objectgroup>', start));
  return [...group.matchAll(/<object ([^>]*?)\/?>/g)].map(([, attributes]) => {
    const of = (key) => new RegExp(` ${key}="([^"]*)"`).exec(` ${attributes}`)?.[1];
    const tiles = (key) => Number(of(key) ?? 0) / TILE;
    return {
      name: of('name'),
      type: of('type'),
      x: tiles('x'),
      y: tiles('y'),
      right: tiles('x') + tiles('width'),
      bottom: tiles('y') + tiles('height'),
    };
  });
}

function named(object) {
  return [object.name, object];
}

/** What a person standing there would stand in: a wall, the edge of the map, or nothing. */
export function obstacleAt({ x, y }) {
  const body = { left: x - HALF_BODY.x, right: x + HALF_BODY.x, top: y - HALF_BODY.y, bottom: y + HALF_BODY.y };
  if (body.left < -TOUCH || body.top < -TOUCH || body.right > width + TOUCH || body.bottom > height + TOUCH) {
    return { name: 'the edge of the map' };
  }
  const overlaps = (wall) =>
    body.left < wall.right - TOUCH &&
    body.right > wall.x + TOUCH &&
    body.top < wall.bottom - TOUCH &&
    body.bottom > wall.y + TOUCH;
  return walls.find(overlaps) ?? null;
}

/** Whether a place is on the floor of a room. */
export function isIn(room, { x, y }) {
  const area = rooms[room];
  return x >= area.x && x < area.right && y >= area.y && y < area.bottom;
}
