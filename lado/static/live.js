// Shows, while someone types, what the server makes of a few fields ("decide by the end of Monday 23 November").
// data-live-url: where to ask; data-live-fields: the names to send, with spaces between; the answer is a piece of our own HTML.
// It posts, because what is typed about people must not stand in an address.

const QUIET_MS = 400;

export function followFields(place) {
  const form = place.closest("form");
  if (!form) return;
  const names = ["csrf_token", ...(place.dataset.liveFields || "").split(/\s+/).filter(Boolean)];
  let timer = null;
  let asking = null;

  async function ask() {
    const answers = new FormData(form);
    const asked = new FormData();
    for (const name of names) for (const value of answers.getAll(name)) asked.append(name, value);
    asking?.abort();
    asking = new AbortController();
    try {
      const reply = await fetch(place.dataset.liveUrl, { method: "POST", body: asked, signal: asking.signal });
      if (reply.ok && !reply.redirected) place.innerHTML = await reply.text();
    } catch (problem) {
      if (problem.name !== "AbortError") place.textContent = "";
    }
  }

  form.addEventListener("input", (event) => {
    if (!names.includes(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(ask, QUIET_MS);
  });
}
