// Asks the browser for a passkey and sends its answer with the form. Without this, a code of an app does the same.

const fromText = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const named = (keys) => (keys || []).map((key) => ({ ...key, id: fromText(key.id) }));

function asked(options) {
  const plain = { ...options, challenge: fromText(options.challenge) };
  if (plain.user) plain.user = { ...plain.user, id: fromText(plain.user.id) };
  if (plain.excludeCredentials) plain.excludeCredentials = named(plain.excludeCredentials);
  if (plain.allowCredentials) plain.allowCredentials = named(plain.allowCredentials);
  return { publicKey: plain };
}

function answered(key) {
  const parts = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (key.response[name]) parts[name] = toText(key.response[name]);
  }
  return JSON.stringify({ id: key.id, rawId: toText(key.rawId), type: key.type, response: parts });
}

export function usePasskey(button) {
  if (!window.PublicKeyCredential) return;
  const form = button.closest("form");
  const said = form.querySelector("[data-passkey-said]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const options = asked(JSON.parse(button.dataset.passkeyOptions));
    const keys = navigator.credentials;
    try {
      const key = await (button.dataset.passkey === "create" ? keys.create(options) : keys.get(options));
      form.elements[button.dataset.passkeyField].value = answered(key);
      form.requestSubmit();
    } catch {
      said.textContent = "The passkey was not used. Try again, or use a code.";
    }
  });
}
