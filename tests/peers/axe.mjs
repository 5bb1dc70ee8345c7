// What is wrong with a page: axe-core's opinion in light and dark, its width on a small screen, and its markup.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import assert from "node:assert/strict";

const require = createRequire(`${process.env.KABINET_TEST_PEERS}/package.json`);
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/// No script, no inline style, no handler: the page must not need what the policy forbids.
export function plain(html, name) {
  for (const [what, pattern] of [
    ["a script", /<script/i],
    ["an inline style", /<style|<[^>]*\sstyle\s*=/i],
    ["an event handler", /<[^>]*\son[a-z]+\s*=/i],
    ["a javascript: address", /javascript:/i],
    ["something remote", /<(?:img|link|iframe|source|video|audio|embed|object)[^>]*(?:src|href)\s*=\s*"(?:https?:)?\/\//i],
  ]) {
    assert(!pattern.test(html), `${name}: ${what} in the page: ${pattern.exec(html)?.[0].slice(0, 200)}`);
  }
}

function markup() {
  const wrong = [];
  const heads = [...document.querySelectorAll("h1")].map((head) => head.innerText.trim());
  if (heads.length !== 1) wrong.push(`${heads.length} h1`);
  // A form that is shown again says so first.
  else if (!document.title.replace(/^(Ошибка: |Error: |错误：)/, "").startsWith(heads[0])) wrong.push(`the title «${document.title}» does not start with «${heads[0]}»`);
  const skip = document.querySelector("body a");
  const target = skip?.getAttribute("href") ?? "";
  if (!target.startsWith("#") || !document.querySelector(target)) wrong.push("the first link does not skip to the content");
  for (const form of document.querySelectorAll("form[method=post]")) {
    if (!form.querySelector("input[type=hidden][name=csrf]")) wrong.push(`a form to ${form.getAttribute("action")} without csrf`);
    if (!form.querySelector("input[type=submit][value]")) wrong.push(`a form to ${form.getAttribute("action")} without a button`);
  }
  if (document.querySelector("button")) wrong.push("a <button>: plain browsers spoil its caption");
  const words = document.body.innerText;
  const leak = /Unknown localization|\{\s*\$|\{\{|\}\}/.exec(words);
  if (leak) wrong.push(`a text that was not put together: …${words.slice(leak.index, leak.index + 60)}`);
  for (const link of document.querySelectorAll("section[aria-labelledby=errors-title] a")) {
    if (!document.querySelector(link.getAttribute("href"))) wrong.push(`the summary points to ${link.getAttribute("href")}, which is not there`);
  }
  return wrong;
}

async function judged(page, settings) {
  const result = await page.evaluate((settings) => globalThis.axe.run(document, settings), settings);
  return result.violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id} (${violation.impact}): ${node.html.slice(0, 160)} ${node.any.map((check) => check.message).join("; ")}`),
  );
}

/// A list of sentences, empty when the page is fine.
export async function problemsOf(page, name, lang) {
  plain(await page.content(), name);
  const found = await page.evaluate(markup);
  const shown = await page.getAttribute("html", "lang");
  if (shown !== lang) found.push(`lang is ${shown}, not ${lang}`);
  await page.evaluate(axe);
  await page.emulateMedia({ colorScheme: "light" });
  found.push(...(await judged(page, { runOnly: TAGS })));
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await judged(page, { runOnly: ["color-contrast"] });
  found.push(...dark.map((problem) => `dark: ${problem}`));
  await page.emulateMedia({ colorScheme: "light" });
  const usual = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  if (width > 320) found.push(`${width} px wide on a screen of 320`);
  await page.setViewportSize(usual);
  return found.map((problem) => `${name}: ${problem}`);
}
