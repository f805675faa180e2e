// Keeps a draft of a form on the server while someone types, so that a closed lid or a crash loses nothing.
// The server answers with JSON: {"saved_at": "15:40"} and, for a new draft, {"draft": "..."} for the field of that name.

const QUIET_MS = 1000;

export function keepDrafts(form) {
  const status = form.querySelector("[data-autosave-status]");
  let timer = null;
  let changed = false;
  let sending = null;
  let submitted = false;

  function say(text) {
    if (status) status.textContent = text;
  }

  function answers() {
    const data = new FormData(form);
    data.delete("form_token"); // the one-time token is for the real submission
    return data;
  }

  async function save() {
    timer = null;
    if (!changed || submitted) return;
    changed = false;
    sending?.abort();
    const mine = new AbortController();
    sending = mine;
    try {
      const reply = await fetch(form.dataset.autosaveUrl, {
        method: "POST",
        body: answers(),
        headers: { Accept: "application/json" },
        signal: mine.signal,
      });
      if (reply.status === 401) {
        changed = true;
        say("You have been signed out, and this is no longer being saved. Copy what is new here, then sign in again.");
        return;
      }
      if (!reply.ok) throw new Error(String(reply.status));
      const saved = await reply.json();
      if (saved.draft && form.elements.draft) form.elements.draft.value = saved.draft;
      say(`Draft saved at ${saved.saved_at}`);
    } catch (problem) {
      if (problem.name === "AbortError") return;
      changed = true;
      say("This draft is not saved yet. It will be tried again as you type.");
    } finally {
      if (sending === mine) sending = null;
    }
  }

  function saveSoon() {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(save, QUIET_MS);
  }

  function saveOnLeaving() {
    if ((!changed && !sending) || submitted) return; // what is still being sent is cut off when the page goes
    clearTimeout(timer);
    if (navigator.sendBeacon(form.dataset.autosaveUrl, answers())) changed = false;
  }

  form.addEventListener("input", saveSoon);
  form.addEventListener("change", saveSoon);
  form.addEventListener("submit", () => {
    submitted = true;
    clearTimeout(timer);
    sending?.abort();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") saveOnLeaving();
  });
  window.addEventListener("pagehide", saveOnLeaving);
  window.addEventListener("pageshow", () => {
    submitted = false;
  });
}
