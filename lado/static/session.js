// Warns before somebody is signed out, and keeps them signed in with one key. Without this file the page says the time.
// The element that says it: data-session-left: seconds that are left; data-session-url: where to ask, which makes it last
// no longer; data-session-stay: where to stay; data-session-warn: seconds before the end at which to warn.

export function watchSession(place) {
  const dialog = document.getElementById("session-warning");
  if (!dialog || typeof dialog.showModal !== "function") return;
  const { sessionUrl, sessionStay } = place.dataset;
  const warn = Number(place.dataset.sessionWarn) * 1000;
  const words = dialog.querySelector("[data-session-words]");
  const stayButton = dialog.querySelector("[data-session-yes]");
  let endsAt = Date.now() + Number(place.dataset.sessionLeft) * 1000;
  let timer = null;

  function plan() {
    clearTimeout(timer);
    const left = endsAt - Date.now();
    timer = setTimeout(left > warn ? look : show, Math.max(0, left > warn ? left - warn : 0));
  }

  function learn({ left, last }) {
    endsAt = Date.now() + left * 1000;
    dialog.dataset.last = last ? "yes" : "";
  }

  // Another page of the same browser may have been used meanwhile.
  async function look() {
    try {
      const reply = await fetch(sessionUrl, { headers: { Accept: "application/json" } });
      if (reply.ok && !reply.redirected) learn(await reply.json());
    } catch {
      // no answer: warn by what is known
    }
    if (endsAt - Date.now() > warn) plan();
    else show();
  }

  function show() {
    const minutes = Math.max(1, Math.round((endsAt - Date.now()) / 60000));
    const time = `${minutes} minute${minutes === 1 ? "" : "s"}`;
    const isOver = endsAt <= Date.now();
    words.textContent = isOver
      ? "You have been signed out. What you typed is kept when you send it: sign in again, and it comes back."
      : dialog.dataset.last
        ? `You will be signed out in ${time}, because you signed in long ago. Send what you typed, or sign in again then: it is kept.`
        : `You will be signed out in ${time}, because nothing was sent or opened for a while. What you typed is kept.`;
    stayButton.textContent = isOver || dialog.dataset.last ? "Go on" : "Stay signed in";
    if (!dialog.open) dialog.showModal();
    stayButton.focus();
    clearTimeout(timer);
    if (!isOver) timer = setTimeout(show, Math.min(30000, endsAt - Date.now() + 500));
  }

  // Any way of closing it says that somebody is there.
  async function stay() {
    clearTimeout(timer);
    if (endsAt <= Date.now() || dialog.dataset.last) return;
    const body = new FormData();
    body.append("csrf_token", dialog.dataset.token);
    try {
      const reply = await fetch(sessionStay, { method: "POST", body, headers: { "X-Lado-Script": "yes" } });
      if (reply.ok && !reply.redirected) learn(await reply.json());
    } catch {
      // the next warning tells
    }
    plan();
  }

  dialog.addEventListener("close", stay);
  stayButton.addEventListener("click", () => dialog.close());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && !dialog.open) look();
  });
  plan();
}
