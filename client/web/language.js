// The language of the page before the module has arrived: the one chosen at an earlier visit, or else the first of
// those that the browser asks for that there is, or else English. `client/src/browser/language.rs` goes by the same
// rule once it is there.
//
// A script in the head, and not a module, so that it runs before anything is painted: whoever reads French never sees
// the English of index.html, for which it waits a moment at most. The two speak through the document: `data-language`
// on the root is the language that is wanted, `lang` the one that is shown, and `classroom-language` says that another
// was chosen in the lobby.

(() => {
  const KEY = "classroom.language";
  const LANGUAGES = ["en", "fr"];
  const PATIENCE_MS = 800;
  /** What marks an element that says something, and how it says it. */
  const MARKS = [
    ["data-word", (element) => element.textContent.trim(), (element, sentence) => (element.textContent = sentence)],
    ["data-word-label", ...attribute("aria-label")],
    ["data-word-placeholder", ...attribute("placeholder")],
  ];

  const root = document.documentElement;
  let english = null;

  function attribute(name) {
    return [(element) => element.getAttribute(name), (element, sentence) => element.setAttribute(name, sentence)];
  }

  function begin() {
    const code = choose();
    root.dataset.language = code;
    const words = code === "en" ? null : request(code);
    // In another language the lobby appears as a whole, once it can speak.
    if (words !== null) root.dataset.words = "arriving";
    setTimeout(reveal, PATIENCE_MS);
    document.addEventListener("DOMContentLoaded", () => {
      english = sentencesOfPage();
      for (const each of LANGUAGES) {
        const choice = document.getElementById(`language-${each}`);
        choice.checked = each === code;
        choice.addEventListener("change", () => chooseByHand(each));
      }
      if (words !== null) show(code, words);
    });
  }

  function choose() {
    const kept = recall();
    if (LANGUAGES.includes(kept)) return kept;
    const wanted = (navigator.languages || []).map((tag) => tag.split("-")[0].toLowerCase());
    return wanted.find((code) => LANGUAGES.includes(code)) || "en";
  }

  function recall() {
    try {
      return localStorage.getItem(KEY);
    } catch (error) {
      // Blocked: the loader says so.
      return null;
    }
  }

  function chooseByHand(code) {
    root.dataset.language = code;
    try {
      localStorage.setItem(KEY, code);
    } catch (error) {
      // Blocked or full: it holds for this visit.
    }
    // The module, once it is there, knows all sentences.
    document.dispatchEvent(new CustomEvent("classroom-language"));
    if (root.lang !== code) show(code, code === "en" ? Promise.resolve(english) : request(code));
  }

  /** The sentences of a language, or null: then the page stays as it is until the module comes, which has them all. */
  async function request(code) {
    try {
      const response = await fetch(`words-${code}.json`);
      if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
      return await response.json();
    } catch (error) {
      console.warn(error);
      return null;
    }
  }

  async function show(code, words) {
    const sentences = await words;
    // Another may have been chosen meanwhile.
    if (sentences !== null && root.dataset.language === code) fillIn(code, sentences);
    reveal();
  }

  function reveal() {
    delete root.dataset.words;
  }

  function fillIn(code, sentences) {
    forEachMarked((element, key, read, write) => {
      if (typeof sentences[key] === "string") write(element, sentences[key]);
    });
    root.lang = code;
  }

  function sentencesOfPage() {
    const sentences = {};
    forEachMarked((element, key, read) => (sentences[key] = read(element)));
    return sentences;
  }

  function forEachMarked(act) {
    for (const [mark, read, write] of MARKS) {
      for (const element of document.querySelectorAll(`[${mark}]`)) act(element, element.getAttribute(mark), read, write);
    }
  }

  begin();
})();
