// Where controls are: everything on the screen, nothing on top of anything else.

import assert from 'node:assert/strict';

const ROLES = ['button', 'textbox', 'status', 'combobox', 'slider', 'checkbox', 'switch'];

/** The thumb stick; the world is an application too, and lies below everything. */
const STICK = '.stick';

/** All controls that a finger or a pointer could reach now, with names and boxes. */
export async function controls(page) {
  const found = [];
  const wanted = ROLES.map((role) => [role, page.getByRole(role)]);
  for (const [role, locator] of [...wanted, ['stick', page.locator(STICK)]]) {
    for (const control of await locator.all()) {
      const box = await control.boundingBox();
      if (!box || !box.width || !box.height) continue;
      const seen = await control.evaluate((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        const top = document.elementFromPoint(x + width / 2, y + height / 2);
        const name = element.getAttribute('aria-label') ?? (element.innerText || element.id);
        return { name, onTop: !top || element.contains(top) || top.contains(element), scrolls: isScrolledAway(element) };

        // What is further down in a list that scrolls is not on the screen, and need not be.
        function isScrolledAway(element) {
          for (let around = element.parentElement; around; around = around.parentElement) {
            const frame = around.getBoundingClientRect();
            const scrolls = around.scrollHeight > around.clientHeight && getComputedStyle(around).overflowY !== 'visible';
            if (scrolls && (y + height > frame.bottom || y < frame.top)) return true;
          }
          return false;
        }
      });
      if (!seen.scrolls) found.push({ role, ...seen, ...box });
    }
  }
  return found;
}

/** Nothing is off the screen, and nothing lies on anything else. */
export async function assertApart(page, where = 'the world') {
  const found = await controls(page);
  const { width, height } = page.viewportSize();
  const named = ({ role, name }) => `${role} “${String(name).trim().slice(0, 30)}”`;
  const off = found.filter(({ x, y, width: w, height: h }) => x < -1 || y < -1 || x + w > width + 1 || y + h > height + 1);
  assert.deepEqual(off.map(named), [], `${where}: expected everything on the screen`);
  const inReach = found.filter(({ onTop }) => onTop);
  const clashes = inReach.flatMap((a, index) =>
    inReach.slice(index + 1).filter((b) => overlaps(a, b)).map((b) => `${named(a)} and ${named(b)}`),
  );
  assert.deepEqual(clashes, [], `${where}: expected no two controls on top of one another`);
}

function overlaps(a, b) {
  const inside = (c, d) => c.x >= d.x - 1 && c.y >= d.y - 1 && c.x + c.width <= d.x + d.width + 1 && c.y + c.height <= d.y + d.height + 1;
  // A box that lies wholly in another belongs to it, as a button in a text box does.
  if (inside(a, b) || inside(b, a)) return false;
  return a.x + 1 < b.x + b.width && b.x + 1 < a.x + a.width && a.y + 1 < b.y + b.height && b.y + 1 < a.y + a.height;
}
