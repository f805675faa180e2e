"use strict";
// Opens a duty pack in a browser, with no network: the key comes from the passphrase, and nothing of it is kept.
(() => {
  const pack = JSON.parse(document.getElementById("pack").textContent);
  const header = JSON.parse(pack.header);
  const form = document.getElementById("open");
  const status = document.getElementById("status");
  const contents = document.getElementById("contents");
  const text = new TextEncoder();
  const bytes = (encoded) => Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));

  function whyNot() {
    if (Date.now() >= Date.parse(header.expires_at)) {
      return `This pack expired on ${header.expires}. It does not open any more. Delete the file and ask for a new one.`;
    }
    if (Date.now() < Date.parse(header.made_at) - 3600000) {
      return "The clock of this machine is wrong: it says a time before this pack was made. Put it right first.";
    }
    return window.crypto && crypto.subtle ? "" : "This browser cannot open it. Open the file itself, in a current browser.";
  }

  function shut(words) {
    contents.replaceChildren();
    form.hidden = true;
    status.textContent = words;
  }

  async function opened(passphrase) {
    const plain = passphrase.toUpperCase().replace(/[^0-9A-Z]/g, "");
    const typed = await crypto.subtle.importKey("raw", text.encode(plain), "PBKDF2", false, ["deriveKey"]);
    const hashed = { name: "PBKDF2", hash: "SHA-256", salt: bytes(pack.salt), iterations: header.rounds };
    const key = await crypto.subtle.deriveKey(hashed, typed, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
    const locked = { name: "AES-GCM", iv: bytes(pack.nonce), additionalData: text.encode(pack.header) };
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(locked, key, bytes(pack.locked))));
  }

  function element(name, words) {
    const made = document.createElement(name);
    made.textContent = words;
    return made;
  }

  function show(told) {
    for (const { title, facts } of told.sections) {
      const section = document.createElement("section");
      const list = document.createElement("dl");
      for (const [label, value] of facts) list.append(element("dt", label), element("dd", value));
      section.append(element("h2", title), list);
      contents.append(section);
    }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const box = document.getElementById("passphrase");
    const reason = whyNot();
    if (reason) return shut(reason);
    status.textContent = "Opening. This takes a second or two.";
    try {
      const told = await opened(box.value);
      contents.replaceChildren();
      show(told);
      form.hidden = true;
      status.textContent = `Open. It shuts by itself on ${header.expires}.`;
    } catch {
      status.textContent = "It does not open. Check the passphrase: twenty letters and figures, in any case.";
    }
    box.value = "";
  });

  const tick = () => {
    const reason = whyNot();
    if (reason) shut(reason);
  };
  form.hidden = false;
  tick();
  setInterval(tick, 15000);
})();
