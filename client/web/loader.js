// The lobby, and the download behind it: everything that must work before the module has arrived, and the words for
// what can go wrong on the way.
//
// The loader and the module speak through the document alone. The loader says, on the form: `data-look` (skin, hair,
// hair colour, top, bottom), `data-shared` (the computer is, and forgets), `data-microphone` and `data-camera` (to be on
// from the first step) and `data-pending` (Enter was pressed), and dispatches `classroom-devices` and `classroom-enter`. The module says, on the root: `data-ready` (it runs and listens) and `data-state`. The
// loader only reads what is kept between visits; the module writes it.
//
// There is no sentence here: all of them are in index.html, where language.js translates them, and are shown and hidden.
// The syntax is kept to what old browsers parse, so that they still get to hear that they are too old.

const LAYERS = ["skin", "hair", "hair_colour", "top", "bottom"];
const PROFILE_KEY = "classroom.profile";
// In the tab's storage, where the module puts them: that the computer is shared, and when the page was left.
const SHARED_KEY = "classroom.shared";
const LEFT_KEY = "classroom.left";
// Whoever comes back to a shared computer's tab later than that is somebody else; the module goes by the same time.
const COMES_BACK_WITHIN_MS = 60000;
const NAME_UNITS = 128;

const root = document.documentElement;
const address = new URLSearchParams(location.search);
const byId = (id) => document.getElementById(id);
const entrance = byId("entrance");
const nameBox = byId("name");
const sharedBox = byId("shared");

function main() {
  const kept = recall();
  offerName(kept);
  offerLook(kept);
  offerSharing(kept);
  offerDevices();
  showPreview();
  listen();
  followKeyboard();
  prepareProblems();
  if (isTooOld()) return stopWith("old-browser");
  if (!hasWebGl() && address.get("world") !== "off") return stopWith("no-webgl");
  if (address.has("enter") && nameBox.value.trim() !== "") enterAtOnce();
  else if (matchMedia("(pointer: fine)").matches) nameBox.focus();
  start();
}

// Name

function offerName(kept) {
  const name = kept.isTyped ? kept.name : address.get("name") || kept.name;
  if (typeof name === "string" && nameBox.value === "") nameBox.value = name.slice(0, NAME_UNITS);
}

function showNameProblem(which) {
  for (const problem of byId("name-problem").children) problem.hidden = problem.id !== which;
  byId("name-problem").hidden = which === null;
}

/** Whoever shows a problem with the name, the loader or the module: the box is marked, and must be in sight. */
function followNameProblem() {
  const problem = byId("name-problem");
  const follow = () => {
    if (problem.hidden) return nameBox.removeAttribute("aria-invalid");
    if (root.dataset.state === "entering") root.dataset.state = "lobby";
    byId("entering").hidden = true;
    nameBox.setAttribute("aria-invalid", "true");
    nameBox.focus();
  };
  new MutationObserver(follow).observe(problem, { attributes: true, attributeFilter: ["hidden"] });
}

// Look

const choicesOf = (layer) => Array.from(entrance.elements[layer]);
const lookNow = () => LAYERS.map((layer) => Number(entrance.elements[layer].value));

function offerLook(kept) {
  setLook(isLook(kept.appearance) ? kept.appearance : randomLook());
}

function isLook(look) {
  const isChoice = (choice, at) => Number.isInteger(choice) && choice >= 0 && choice < choicesOf(LAYERS[at]).length;
  return Array.isArray(look) && look.length === LAYERS.length && look.every(isChoice);
}

function randomLook() {
  return LAYERS.map((layer) => Math.floor(Math.random() * choicesOf(layer).length));
}

function setLook(look) {
  LAYERS.forEach((layer, at) => {
    choicesOf(layer)[look[at]].checked = true;
  });
  lookChanged();
}

function lookChanged() {
  const look = lookNow();
  entrance.dataset.look = look.join(",");
  LAYERS.forEach((layer, at) => {
    choicesOf(layer).forEach((_, choice) => {
      nameOf(layer, choice).hidden = choice !== look[at];
    });
  });
  document.dispatchEvent(new CustomEvent("classroom-look"));
}

const nameOf = (layer, choice) => byId(`${layer.replace("_", "-")}-${choice}`);

function stepLayer(layer, step) {
  const choices = choicesOf(layer);
  const now = choices.findIndex((choice) => choice.checked);
  const next = (now + step + choices.length) % choices.length;
  choices[next].checked = true;
  lookChanged();
  byId("look-said").textContent = nameOf(layer, next).textContent;
}

function surprise() {
  setLook(randomLook());
  byId("look-said").textContent = LAYERS.map((layer, at) => nameOf(layer, lookNow()[at]).textContent).join(", ");
}

// Preview: the same rows of the same sheet as in the world

const CELL = { width: 20, height: 28 };
// Columns of the sheet: three frames a direction. Down, left, up, right makes a turn.
const TURN = [0, 3, 9, 6];
const GAIT = [1, 0, 2, 0];
const FRAME_MS = 170;
const FRAMES_A_SIDE = 12;

/** Rows of the sheet, the lowest layer first. */
function rowsOf([skin, hair, colour, top, bottom]) {
  return [skin, 82 + bottom, 70 + top, 6 + hair * 8 + colour];
}

function columnAt(frame) {
  const side = Math.floor(frame / FRAMES_A_SIDE) % TURN.length;
  return TURN[side] + GAIT[frame % GAIT.length];
}

function drawAvatar(context, sheet, look, column) {
  const { width, height } = CELL;
  context.clearRect(0, 0, width, height);
  context.fillStyle = "rgba(24, 50, 54, 0.35)";
  context.fillRect(6, 25, 8, 1);
  context.fillRect(5, 26, 10, 1);
  context.fillRect(6, 27, 8, 1);
  for (const row of rowsOf(look)) {
    context.drawImage(sheet, column * width, row * height, width, height, 0, 0, width, height);
  }
}

function showPreview() {
  const context = byId("preview").getContext("2d");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const sheet = new Image();
  let frame = 0;
  const draw = () => drawAvatar(context, sheet, lookNow(), calm.matches ? 0 : columnAt(frame));
  const tick = () => {
    if (document.hidden || calm.matches || root.dataset.state !== "lobby") return;
    frame += 1;
    draw();
  };
  sheet.onload = () => {
    draw();
    document.addEventListener("classroom-look", draw);
    setInterval(tick, FRAME_MS);
  };
  sheet.src = "avatars.png";
}

// What is kept

/** Name and look: of this page before it was loaded again, or else of the last visit. All of it may be anything. */
function recall() {
  const stored = readStored();
  const typed = history.state && history.state.lobby;
  if (!typed) return stored;
  history.replaceState(null, "");
  return { name: typed.name, appearance: typed.appearance, isShared: typed.isShared, isTyped: true };
}

/** Of a shared computer the tab alone remembers anything, and not for long. */
function readStored() {
  try {
    const isShared = sessionStorage.getItem(SHARED_KEY) === "true" && !isLeftBehind();
    const profile = readProfile(isShared ? sessionStorage : localStorage) || {};
    return { name: profile.name, appearance: profile.appearance, isShared };
  } catch (error) {
    showProblem("storage");
    return {};
  }
}

function isLeftBehind() {
  const left = sessionStorage.getItem(LEFT_KEY);
  return left !== null && Date.now() - Number(left) > COMES_BACK_WITHIN_MS;
}

function readProfile(storage) {
  const kept = storage.getItem(PROFILE_KEY);
  try {
    return JSON.parse(kept);
  } catch (error) {
    // What is damaged counts as missing.
    return null;
  }
}

/** Loads the page again without losing what was typed; the history outlives that, even where storage is blocked. */
function loadAgain() {
  const lobby = { name: nameBox.value, appearance: lookNow(), isShared: sharedBox.checked };
  history.replaceState({ lobby }, "");
  location.reload();
}

// Whether the computer is shared

function offerSharing(kept) {
  sharedBox.checked = kept.isShared === true;
  sharingChanged();
}

function sharingChanged() {
  if (sharedBox.checked) entrance.dataset.shared = "true";
  else delete entrance.dataset.shared;
}

// Microphone and camera: the module shows what they give, and takes back what does not work

const DEVICES = ["microphone", "camera"];

function offerDevices() {
  for (const device of DEVICES) {
    byId(`lobby-${device}`).addEventListener("click", () => {
      if (entrance.dataset[device]) delete entrance.dataset[device];
      else entrance.dataset[device] = "true";
      document.dispatchEvent(new CustomEvent("classroom-devices"));
    });
  }
  new MutationObserver(showDevices).observe(entrance, { attributes: true, attributeFilter: DEVICES.map((device) => `data-${device}`) });
}

function showDevices() {
  for (const device of DEVICES) {
    const isOn = entrance.dataset[device] === "true";
    const button = byId(`lobby-${device}`);
    button.setAttribute("aria-pressed", String(isOn));
    const [off, on] = button.querySelector(".lobby-state").children;
    off.hidden = isOn;
    on.hidden = !isOn;
  }
}

// Entering

function listen() {
  entrance.addEventListener("submit", enter);
  entrance.addEventListener("change", lookChanged);
  sharedBox.addEventListener("change", sharingChanged);
  entrance.addEventListener("click", ({ target }) => {
    if (target.dataset.step) stepLayer(target.dataset.layer, Number(target.dataset.step));
  });
  byId("surprise").addEventListener("click", surprise);
  nameBox.addEventListener("input", () => showNameProblem(null));
  followNameProblem();
  whenReady(() => {
    byId("loading").hidden = true;
    byId("entering").hidden = true;
  });
}

const isReady = () => root.dataset.ready === "true";

function whenReady(then) {
  const observer = new MutationObserver(() => isReady() && then());
  observer.observe(root, { attributes: true, attributeFilter: ["data-ready"] });
}

function enter(event) {
  event.preventDefault();
  // The module knows more about names; this much can be said before it is there.
  if (nameBox.value.trim() === "") return showNameProblem("name-empty");
  entrance.dataset.pending = "true";
  byId("entering").hidden = isReady();
  document.dispatchEvent(new CustomEvent("classroom-enter"));
}

/** The address says so: the form is not even shown. */
function enterAtOnce() {
  root.dataset.state = "entering";
  entrance.dataset.pending = "true";
  byId("entering").hidden = false;
}

// Keyboard

/**
 * A script that moves the focus makes it visible in the eyes of browsers, although nobody used the keyboard: the frame
 * around the view, which is large, waits for somebody who does.
 */
function followKeyboard() {
  addEventListener("keydown", ({ key }) => {
    if (key === "Tab" || key === "Escape") root.dataset.keyboard = "true";
  }, true);
  addEventListener("pointerdown", () => delete root.dataset.keyboard, true);
}

// Problems

function showProblem(which) {
  byId(`problem-${which}`).hidden = false;
}

/** Shows what is wrong instead of the form, for there is nothing to enter. */
function stopWith(which) {
  root.dataset.state = "stopped";
  showProblem(which);
}

function prepareProblems() {
  const without = new URL(location.href);
  without.searchParams.set("world", "off");
  byId("world-off-link").href = without.href;
  byId("refused-relay").textContent = address.get("relay") || "";
  byId("retry").addEventListener("click", loadAgain);
  byId("reload").addEventListener("click", loadAgain);
  byId("storage-seen").addEventListener("click", () => {
    byId("problem-storage").hidden = true;
  });
}

// A module that is valid where reference types are known, the youngest feature in use.
const YOUNGEST = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 7, 1, 5, 0, 208, 112, 26, 11];

function isTooOld() {
  if (typeof WebAssembly !== "object" || typeof BigInt64Array !== "function") return true;
  return !WebAssembly.instantiateStreaming || !WebAssembly.validate(new Uint8Array(YOUNGEST));
}

function hasWebGl() {
  const context = document.createElement("canvas").getContext("webgl2");
  root.dataset.webgl = String(context !== null);
  // There are few contexts to be had; the world needs this one.
  const extension = context && context.getExtension("WEBGL_lose_context");
  if (extension) extension.loseContext();
  return context !== null;
}

// The module

async function start() {
  const files = byId("client").dataset;
  try {
    const [bindings, response] = await Promise.all([import(files.js), request(files.wasm)]);
    const counted = count(response.clone(), totalOf(response));
    // The response itself, as it came: only so does the browser keep the compiled code for the next visit.
    await Promise.all([bindings.default({ module_or_path: response }), counted]);
  } catch (error) {
    console.error(error);
    stopWith(problemOf(error));
  }
}

async function request(file) {
  const response = await fetch(file);
  if (!response.ok) throw new Error(`${file}: ${response.status}`);
  return response;
}

function problemOf(error) {
  if (error instanceof SyntaxError) return "old-browser";
  return isReady() || error instanceof WebAssembly.RuntimeError ? "crashed" : "download";
}

/** How many bytes the body will have, or null. `Content-Length` counts them compressed, the body's stream does not. */
function totalOf({ headers }) {
  const length = headers.get("X-Uncompressed-Length") || (!headers.get("Content-Encoding") && headers.get("Content-Length"));
  return Number(length) > 0 ? Number(length) : null;
}

async function count({ body }, total) {
  const reader = body.getReader();
  let bytes = 0;
  showProgress(bytes, total);
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    bytes += part.value.length;
    showProgress(bytes, total);
  }
  showStarting();
}

const percent = (share) => new Intl.NumberFormat(root.lang, { style: "percent" }).format(share);
const megabytes = (bytes) =>
  new Intl.NumberFormat(root.lang, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 }).format(bytes / 1e6);

function showProgress(bytes, total) {
  const bar = byId("progress");
  if (total === null) bar.removeAttribute("value");
  else bar.value = Math.min(bytes / total, 1);
  byId("progress-text").textContent = total === null ? megabytes(bytes) : percent(bar.value);
}

function showStarting() {
  byId("progress").value = 1;
  byId("progress-text").textContent = "";
  byId("loading-arriving").hidden = true;
  byId("loading-starting").hidden = false;
}

main();
