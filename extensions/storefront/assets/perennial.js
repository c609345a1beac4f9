/**
 * What happens when a shopper presses one of our buttons. It is fetched with the first press and never before; whatever can be read or
 * followed works without it.
 */

/** How often a code is asked for that is still being made. */
const PATIENCE = 3;

/** Kinds whose code no cart takes. */
const NOT_FOR_CARTS = new Set(["gift-card", "partner-code", "refill", "event"]);

/** Keys of actions whose answer has not come, should the browser keep nothing. */
const keptHere = new Map();

const actions = { join, redeem, copy, share, follow, profile, refer, "give-back": giveBack };

/** `source` is the pressed button or the sent form. */
export async function act(source) {
  const button = source.matches("form") ? source.querySelector("[type=submit]") : source;
  if (button.dataset.busy || button.ariaDisabled === "true") return;
  const label = button.textContent;
  const width = button.offsetWidth;
  button.dataset.busy = "true";
  button.ariaDisabled = "true";
  button.style.minInlineSize = `${width}px`;
  button.textContent = statusOf(source).dataset.working;
  say(source, "");
  let stays = false;
  try {
    stays = await actions[source.dataset.perennial](source);
  } catch {
    say(source, statusOf(source).dataset.failed);
  }
  button.textContent = label;
  delete button.dataset.busy;
  button.ariaDisabled = stays ? "true" : null;
}

async function join(source) {
  const answer = await ask(source, "join", {});
  if (!answer.ok) return false;
  source.hidden = true;
  return true;
}

async function follow(source) {
  await ask(source, "follow", { activity: source.dataset.activity });
  return false;
}

/** The first answer does not wait for the code to be made; the same question asked again does, for a while. */
async function redeem(source) {
  const { reward } = source.dataset;
  let answer = await askOnce(source, "redeem", { reward }, reward);
  for (let again = 0; answer.ok && answer.pending && again < PATIENCE; again += 1) {
    answer = await askOnce(source, "redeem", { reward }, reward);
  }
  if (answer.ok && answer.code) showCode(source, answer);
  return isTooDear(source, answer.points);
}

async function giveBack(source) {
  const { redemption } = source.dataset;
  const answer = await askOnce(source, "give-back", { redemption }, redemption);
  if (answer.ok) {
    focusStatus(source);
    source.closest("[data-perennial-code]").remove();
  }
  return answer.ok;
}

async function profile(form) {
  const { month, day } = Object.fromEntries(new FormData(form));
  // In a leap year.
  if (day > new Date(2000, month, 0).getDate()) {
    say(form, form.dataset.wrong);
    form.querySelector("[name=day]").focus();
  } else {
    await ask(form, "profile", { birthday: `${month}-${day}` });
  }
  return false;
}

async function copy(source) {
  await navigator.clipboard.writeText(source.dataset.code);
  say(source, source.dataset.done);
  return false;
}

async function share(source) {
  const { code: url } = source.dataset;
  if (!navigator.share) return copy(source);
  try {
    await navigator.share({ url });
  } catch (error) {
    // Who closes the list of places has not failed.
    if (error.name !== "AbortError") throw error;
  }
  return false;
}

async function refer(form) {
  const answer = await ask(form, "refer", { code: new FormData(form).get("code") });
  if (answer.ok) form.querySelector("input").readOnly = true;
  return answer.ok;
}

/** Somebody has come by a member's link: the cart keeps the code until the order. `cart` is where the shop changes carts. */
export async function arrive(cart) {
  const ref = new URLSearchParams(location.search).get("ref").slice(0, 20);
  const response = await fetch(`${cart}.js`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ attributes: { perennial_ref: ref } }),
  });
  const welcome = document.getElementById("perennial-welcome");
  if (!response.ok || !welcome) return;
  const text = welcome.querySelector("[data-text]");
  welcome.hidden = false;
  text.textContent = text.dataset.text.trim();
}

/** The same press repeated, until all of its answer has come, is the same question: it carries the same key. */
async function askOnce(source, action, fields, subject) {
  const name = `perennial:${action}:${subject}`;
  const answer = await ask(source, action, { ...fields, key: keptKey(name) });
  if (!answer.pending && answer.reason !== "too-often" && answer.reason !== "later") forgetKey(name);
  return answer;
}

async function ask(source, action, fields) {
  const response = await fetch(`/apps/perennial/${action}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...fields, locale: document.documentElement.lang || undefined }),
  });
  const answer = await response.json();
  if (typeof answer.ok !== "boolean") throw new Error("no answer");
  say(source, answer.message || (answer.ok ? source.dataset.done : statusOf(source).dataset.failed));
  if (Number.isInteger(answer.points)) showPoints(answer.points);
  return answer;
}

function keptKey(name) {
  let key = keptHere.get(name);
  try {
    key ??= sessionStorage.getItem(name);
  } catch {
    // A browser that keeps nothing.
  }
  key ??= crypto.randomUUID();
  keptHere.set(name, key);
  try {
    sessionStorage.setItem(name, key);
  } catch {
    // Kept for this page only.
  }
  return key;
}

function forgetKey(name) {
  keptHere.delete(name);
  try {
    sessionStorage.removeItem(name);
  } catch {
    // Nothing was kept.
  }
}

function statusOf(source) {
  return source.closest(".perennial").querySelector("[role=status]");
}

function say(source, text) {
  statusOf(source).textContent = text;
}

function focusStatus(source) {
  const status = statusOf(source);
  status.tabIndex = -1;
  status.focus();
}

function showPoints(points) {
  const text = new Intl.NumberFormat(document.documentElement.lang || undefined).format(points);
  for (const balance of document.querySelectorAll("[data-perennial-points]")) balance.textContent = text;
  for (const button of document.querySelectorAll("[data-perennial=redeem]")) {
    button.ariaDisabled = isTooDear(button, points) ? "true" : null;
  }
}

function isTooDear(button, points) {
  return Number.isInteger(points) && Number(button.dataset.cost) > points;
}

/** The row that Liquid left empty for it, in the shopper's language. */
function showCode(source, { code, redemption }) {
  const block = source.closest(".perennial");
  const template = block.querySelector("template");
  const codes = block.querySelector("[data-perennial-codes]");
  const row = template.content.firstElementChild.cloneNode(true);
  const text = row.querySelector("code");
  text.textContent = code;
  text.tabIndex = -1;
  row.querySelector("[data-perennial=copy]").dataset.code = code;
  const back = row.querySelector("[data-perennial=give-back]");
  if (redemption && source.dataset.kind !== "partner-code") back?.setAttribute("data-redemption", redemption);
  else back?.remove();
  const link = row.querySelector("a");
  if (NOT_FOR_CARTS.has(source.dataset.kind)) link.remove();
  else link.href = link.href.replace("CODE", encodeURIComponent(code));
  codes.append(row);
  codes.hidden = false;
  text.focus();
}
