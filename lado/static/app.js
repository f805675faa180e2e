// Everything works without this file. It starts the design system's scripts and a few small conveniences of our own.
import { initAll as startDesignSystem } from "./vendor/govuk-frontend.min.js";
import { initAll as startJusticeComponents } from "./vendor/moj-frontend.min.js";
import { keepDrafts } from "./autosave.js";
import { followFields } from "./live.js";
import { usePasskey } from "./passkeys.js";
import { sendOnce } from "./send-once.js";
import { watchSession } from "./session.js";

startDesignSystem();
startJusticeComponents();
document.querySelectorAll("form[data-autosave]").forEach(keepDrafts);
document.querySelectorAll("[data-passkey]").forEach(usePasskey);
document.querySelectorAll("[data-live-url]").forEach(followFields);
document.querySelectorAll("[data-session-left]").forEach(watchSession);
document.querySelectorAll('form[method="post"]').forEach(sendOnce);
