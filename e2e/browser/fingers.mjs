// A finger that stays on the screen and moves, which Playwright's taps do not.

export class Finger {
  #session;

  constructor(session) {
    this.#session = session;
  }

  static async of(page) {
    return new Finger(await page.context().newCDPSession(page));
  }

  down(place) {
    return this.#touch('touchStart', [place]);
  }

  to(place) {
    return this.#touch('touchMove', [place]);
  }

  up() {
    return this.#touch('touchEnd', []);
  }

  #touch(type, touchPoints) {
    return this.#session.send('Input.dispatchTouchEvent', { type, touchPoints });
  }
}
