// Drives a real Chromium against the portal. Prints JSON; a failed expectation ends it with a message and code 1.
//
//   node chromium.mjs journey     --portal URL [--second URL] --codes FILE-or-URL     JavaScript off
//   node chromium.mjs invited     --portal URL --sandbox URL --codes FILE --mails FILE --email ADDRESS    by mail, forgotten, restored
//   node chromium.mjs owner|guard --portal URL --codes FILE --mails FILE --email ADDRESS --phone NUMBER   profile; second factor, sessions
//   node chromium.mjs cards       --portal URL --sandbox URL --email ADDRESS          cards, in the same way
//   node chromium.mjs accessible  --portal URL --codes FILE-or-URL --locale ru_RU     axe-core, 320 px, plain markup
//   node chromium.mjs access      --portal URL --codes URL --locale ru_RU             the same for invitation and recovery
//   node chromium.mjs album       --album DIR --locale ru_RU                          the same for pages that were saved
//   node chromium.mjs first-visit --portal URL                                        requests and bytes
//   node chromium.mjs judge       --portal URL --pages "PATH PATH"                    axe-core, in three languages
//   node chromium.mjs answer      --portal URL --button CAPTION                       where a button leads
//
// --codes is the message centre's journal (a file) or the sandbox's list of messages (an URL).
import { createRequire } from "node:module";
import { readFileSync, readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import assert from "node:assert/strict";
import { problemsOf, plain } from "./axe.mjs";
import { everyPageOfAccess } from "./access.mjs";
import { cards } from "./cards.mjs";
import { everyPageOfProfile } from "./profile.mjs";
import { everyPageOfSecurity } from "./security.mjs";
import { guard, invited, owner } from "./life.mjs";
import { shots } from "./shots.mjs";

const require = createRequire(`${process.env.KABINET_TEST_PEERS}/package.json`);
const { chromium } = require("playwright-core");

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    portal: { type: "string" },
    second: { type: "string" },
    codes: { type: "string" },
    locale: { type: "string", default: "ru_RU" },
    phone: { type: "string", default: "+79165550001" },
    password: { type: "string", default: "korabl-plyvet-7-v-tumane" },
    email: { type: "string", default: "" },
    pages: { type: "string", default: "" },
    button: { type: "string", default: "" },
    album: { type: "string" },
    mails: { type: "string" },
    sandbox: { type: "string" },
  },
});

const PATIENCE_MS = 20_000;
const WORDS = {
  ru_RU: { lang: "ru", signIn: "Войдите", registration: "Регистрация", enter: "Войти" },
  en_US: { lang: "en", signIn: "Sign in", registration: "Registration", enter: "Sign in" },
  zh_CN: { lang: "zh-CN" },
};

async function messages() {
  if (!options.codes.startsWith("http")) {
    const lines = readFileSync(options.codes, "utf8").split("\n").filter(Boolean);
    return lines.map((line) => JSON.parse(line)).filter((line) => line.event === "sms");
  }
  const all = await (await fetch(options.codes)).json();
  return all.reverse().filter((message) => message.channel === "sms");
}

async function codeFor(phone) {
  const digits = (text) => text.replace(/\D/g, "");
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until) {
    const found = (await messages()).filter((message) => digits(message.to) === digits(phone)).pop();
    const code = found && /(?<!\d)\d{4}(?!\d)/.exec(found.text);
    if (code) return code[0];
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`no SMS to ${phone} within ${PATIENCE_MS} ms`);
}

async function launch(settings) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-dev-shm-usage",
    ],
  });
  const context = await browser.newContext({ locale: "ru-RU", ...settings });
  context.setDefaultTimeout(PATIENCE_MS);
  return { browser, context };
}

/// Does it and waits for the page it leads to.
async function leads(page, deed) {
  await Promise.all([page.waitForNavigation({ waitUntil: "load" }), deed]);
}

/// Presses the button with exactly that caption.
const press = (page, caption) => leads(page, page.click(`input[type=submit][value="${caption}"]`));

const follow = (page, text) => leads(page, page.getByRole("link", { name: text, exact: true }).first().click());

const pressOnlyButton = (page, form) => leads(page, page.click(`form[action="${form}"] input[type=submit]`));

/// The same with the browser's own checks switched off: the server's answer is what is looked at.
async function pressUnchecked(page, form) {
  await page.$eval(`form[action="${form}"]`, (form) => (form.noValidate = true));
  await pressOnlyButton(page, form);
}

const at = (page, path) => assert.equal(new URL(page.url()).pathname, path);

async function numberOn(page) {
  const found = /\d{4}\s\d{4}\s\d{4}/.exec(await page.innerText("main"));
  assert(found, `no account number on ${page.url()}`);
  return found[0];
}

async function journey() {
  const words = WORDS.ru_RU;
  const second = options.second ?? options.portal;
  const { browser, context } = await launch({ javaScriptEnabled: false });
  const page = await context.newPage();
  const elsewhere = async (path) => page.goto(second + path);

  await page.goto(`${options.portal}/?locale=ru_RU`);
  assert((await page.innerText("body")).includes("Перейти к Алипэй"));
  await follow(page, "Go to My Alipay");
  at(page, "/sign-in");
  assert.equal(await page.locator("strong[aria-current=page]").innerText(), words.signIn);
  await follow(page, words.registration);
  at(page, "/registration");
  assert.equal(await page.inputValue("select[name=country]"), "RU", "Russia stands first");
  await page.fill("input[name=phone]", options.phone);
  await leads(page, page.press("input[name=phone]", "Enter"));
  at(page, "/registration/code");
  await page.fill("input[name=code]", await codeFor(options.phone));
  await leads(page, page.press("input[name=code]", "Enter"));
  at(page, "/registration/privacy");
  await page.check("input[name=agree]");
  await press(page, "Agree");
  at(page, "/registration/version");
  if (options.second) await elsewhere("/registration/version");
  await press(page, "Yes");
  at(page, "/registration/password");
  await page.fill("input[name=password]", options.password);
  await page.fill("input[name=again]", options.password);
  await page.fill("input[name=email]", options.email);
  await pressOnlyButton(page, "/registration/password");
  at(page, "/registration/done");
  const number = await numberOn(page);
  await leads(page, page.locator('main a[href="/cabinet"]').click());
  at(page, "/cabinet");
  assert.equal(await numberOn(page), number);
  await page.goto(`${options.portal}/cabinet`);
  at(page, "/cabinet");
  await pressOnlyButton(page, "/sign-out");
  at(page, "/");
  if (options.second) await elsewhere("/cabinet");
  else await page.goto(`${options.portal}/cabinet`);
  at(page, "/sign-in");
  await page.fill("input[name=login]", number.replaceAll(" ", ""));
  await page.fill("input[name=password]", options.password);
  await press(page, words.enter);
  at(page, "/cabinet");
  await page.goto(`${options.portal}/cabinet`);
  assert.equal(await numberOn(page), number);
  await browser.close();
  return { number, phone: options.phone };
}

/// A person's browser that is opened, without JavaScript, in a walk through an account's life.
async function person(browser) {
  const context = await browser.newContext({ locale: "ru-RU", javaScriptEnabled: false });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const each = async (fields, deed) => {
    for (const [name, value] of Object.entries(fields)) await deed(name, value);
  };
  return {
    page,
    goto: (path) => page.goto(options.portal + path),
    press: (caption) => leads(page, page.locator(`input[type=submit][value="${caption}"]`).first().click()),
    follow: (text) => follow(page, text),
    at: (path) => at(page, path),
    type: (fields) => each(fields, (name, value) => page.fill(`input[name=${name}]`, value)),
    choose: (lists) => each(lists, (name, value) => page.selectOption(`select[name=${name}]`, value)),
    number: async () => (await numberOn(page)).replace(/\s/g, ""),
    says: async (words) => {
      const text = (await page.innerText("body")).replace(/\s+/g, " ");
      assert(text.includes(words), `${page.url()} does not say «${words}»:\n${text}`);
    },
  };
}

async function lives(walk) {
  const { browser } = await launch({ javaScriptEnabled: false });
  const seen = await walk({ open: () => person(browser), options });
  await browser.close();
  return seen;
}

/// Looks at every page that a walk opens, and complains at its end.
async function judgesEach(walk) {
  const { lang } = WORDS[options.locale];
  const { browser, context } = await launch({ bypassCSP: true });
  const page = await context.newPage();
  const seen = [];
  const problems = [];
  const look = async (name) => {
    seen.push(`${name} ${new URL(page.url()).pathname}`);
    problems.push(...(await problemsOf(page, `${options.locale} ${name}`, lang)));
    await shots(page, `${options.locale}-${name}`);
  };
  const open = async (path, name) => {
    await page.goto(options.portal + path);
    await look(name);
  };
  const send = (form) => pressUnchecked(page, form);
  await walk({ page, look, open, send, press: (caption) => press(page, caption), options });
  await browser.close();
  assert.equal(problems.length, 0, `\n${problems.join("\n")}`);
  return { locale: options.locale, pages: seen.length, seen };
}

async function everyPage(tools) {
  const { page, look, open, send } = tools;
  await open(`/?locale=${options.locale}`, "landing");
  await open("/help", "help");
  await open("/privacy", "privacy");
  await open("/nowhere", "not-found");
  await open("/sign-in", "sign-in");
  await send("/sign-in");
  await look("sign-in-empty");
  await page.fill("input[name=login]", "123456789012");
  await page.fill("input[name=password]", "wrong");
  await send("/sign-in");
  await look("sign-in-wrong");
  await open("/registration", "registration");
  await page.fill("input[name=phone]", "abc");
  await send("/registration");
  await look("registration-wrong");
  await page.fill("input[name=phone]", options.phone);
  await send("/registration");
  await look("code");
  await page.fill("input[name=code]", "abc");
  await send("/registration/code");
  await look("code-wrong");
  await open("/registration/no-code", "no-code");
  await page.goto(`${options.portal}/registration/code`);
  await page.fill("input[name=code]", await codeFor(options.phone));
  await send("/registration/code");
  await look("agree");
  await send("/registration/privacy");
  await look("agree-unticked");
  await page.check("input[name=agree]");
  await press(page, "Agree");
  await look("version");
  await press(page, "Yes");
  await look("password");
  await page.fill("input[name=password]", "11");
  await page.fill("input[name=again]", "22");
  await page.fill("input[name=email]", "nobody");
  await send("/registration/password");
  await look("password-wrong");
  await page.fill("input[name=password]", options.password);
  await page.fill("input[name=again]", options.password);
  await page.fill("input[name=email]", "");
  await send("/registration/password");
  at(page, "/registration/done");
  await look("done");
  await open("/cabinet", "cabinet");
  await open("/cards", "cards");
  await open("/email", "email");
  await page.fill("input[name=email]", "nobody");
  await send("/email");
  await look("email-wrong");
  await page.fill("input[name=email]", `anna-${options.locale.toLowerCase()}@example.com`);
  // The password is asked for only when it was last given some time ago.
  if (await page.isVisible("input[name=password]")) await page.fill("input[name=password]", options.password);
  await send("/email");
  at(page, "/email/code");
  await look("email-code");
  await page.fill("input[name=code]", "abc");
  await send("/email/code");
  await look("email-code-wrong");
  await everyPageOfProfile(tools);
  await everyPageOfSecurity(tools);
  await open("/confirmations/nobody-made-this-token", "confirmation-unknown");
  await open("/nowhere", "not-found-signed-in");
}

/// Pages that only time or a misfortune brings, saved by whoever could let that pass: NAME.html and style.css.
async function everyPageOfAlbum({ page, look }) {
  const style = readFileSync(`${options.album}/style.css`, "utf8");
  let shown = "";
  await page.route("**/*", (route) => {
    if (route.request().isNavigationRequest()) return route.fulfill({ contentType: "text/html; charset=utf-8", body: shown });
    if (route.request().url().endsWith(".css")) return route.fulfill({ contentType: "text/css; charset=utf-8", body: style });
    return route.fulfill({ status: 404 });
  });
  for (const name of readdirSync(options.album).filter((name) => name.endsWith(".html")).sort()) {
    shown = readFileSync(`${options.album}/${name}`, "utf8");
    await page.goto(`http://album.test/${name}`);
    await look(name.replace(".html", ""));
  }
}

const accessible = () => judgesEach(everyPage);
const access = () => judgesEach(everyPageOfAccess);
const album = () => judgesEach(everyPageOfAlbum);

async function firstVisit() {
  const { browser, context } = await launch({ javaScriptEnabled: false });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  const urls = new Map();
  const bytes = new Map();
  session.on("Network.requestWillBeSent", (event) => urls.set(event.requestId, event.request.url));
  session.on("Network.loadingFinished", (event) => bytes.set(event.requestId, event.encodedDataLength));
  const answer = await page.goto(`${options.portal}/`, { waitUntil: "networkidle" });
  plain(await answer.text(), "landing");
  const all = [...urls].map(([id, url]) => ({ path: new URL(url).pathname, bytes: bytes.get(id) ?? 0 }));
  const counted = all.filter((request) => !/icon/.test(request.path));
  const total = counted.reduce((sum, request) => sum + request.bytes, 0);
  await browser.close();
  assert.equal(counted.length, 2, `a page and its stylesheet, not ${JSON.stringify(all)}`);
  assert(total < 14 * 1024, `${total} bytes on the wire: ${JSON.stringify(all)}`);
  return { requests: all, total };
}

/// Pages of the sandbox bank, looked at in three languages.
async function judge() {
  const { browser, context } = await launch({ bypassCSP: true });
  const page = await context.newPage();
  const problems = [];
  for (const [locale, { lang }] of Object.entries(WORDS)) {
    for (const path of options.pages.split(" ")) {
      await page.goto(`${options.portal}${path}${path.includes("?") ? "&" : "?"}locale=${locale}`);
      problems.push(...(await problemsOf(page, `${locale} ${path}`, lang)));
      if (path.startsWith("/bank/pages/")) {
        await pressUnchecked(page, `${path}?locale=${lang}`);
        problems.push(...(await problemsOf(page, `${locale} ${path} with mistakes`, lang)));
      }
    }
  }
  await browser.close();
  assert.equal(problems.length, 0, `\n${problems.join("\n")}`);
  return { pages: options.pages };
}

/// Presses a button of the bank's, with the bank's own policy and without JavaScript, and says where that leads.
async function answer() {
  const { browser, context } = await launch({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(options.portal);
  await press(page, options.button);
  const url = page.url();
  await browser.close();
  return { url };
}

const deeds = { journey, accessible, access, album, "first-visit": firstVisit, judge, answer };
for (const [name, walk] of Object.entries({ invited, owner, guard, cards })) deeds[name] = () => lives(walk);
try {
  const deed = deeds[positionals[0]];
  assert(deed, `what? ${Object.keys(deeds).join(" · ")}`);
  console.log(JSON.stringify(await deed()));
  process.exit(0);
} catch (error) {
  console.error(error.stack ?? String(error));
  process.exit(1);
}
