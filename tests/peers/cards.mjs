// Cards in a browser without JavaScript: used by chromium.mjs.
import assert from "node:assert/strict";

const CARD = { holder: "ANNA PETROVA", expiry: "12/35", security_code: "123" };

/// Reloads until the page says so.
async function until(browser, words) {
  for (let tries = 0; tries < 60; tries += 1) {
    if ((await browser.page.textContent("main")).includes(words)) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
    await browser.follow("Обновить");
  }
  throw new Error(`never «${words}»: ${await browser.page.textContent("main")}`);
}

async function binds(browser, number) {
  await browser.follow("Карты");
  await browser.follow("Добавить карту");
  assert.deepEqual(
    await browser.page.locator("form[action='/cards'] input:not([type=hidden]):not([type=submit])").evaluateAll((all) => all.map((one) => one.autocomplete)),
    ["cc-number", "cc-name", "cc-exp", "cc-csc"],
  );
  await browser.type({ ...CARD, number });
  await browser.press("Сохранить");
}

async function sumAt(bank, options, card) {
  await bank.page.goto(`${options.sandbox}/bank?locale=ru_RU`);
  await bank.page.locator("a", { hasText: card }).first().click();
  return /Списание ([\d,]+)/.exec(await bank.page.textContent("main"))[1];
}

/// One card by its sum, one through the bank's own page, a mistyped and a declined one; the second becomes the default; one is unbound.
export async function cards({ open, options }) {
  const [anna, bank] = [await open(), await open()];
  await anna.goto("/sign-in?locale=ru_RU");
  await anna.type({ login: options.email, password: options.password });
  await anna.press("Войти");
  await binds(anna, "4242 4242 4242 4241");
  await anna.says("В номере опечатка");
  assert.equal(await anna.page.inputValue("[name=number]"), "", "a number never comes back");
  assert.equal(await anna.page.inputValue("[name=holder]"), CARD.holder, "the rest is kept");
  await binds(anna, "4000 0000 0000 9995");
  await until(anna, "Банк не принял карту");
  await binds(anna, "4242 4242 4242 4242");
  await until(anna, "Списанная сумма");
  await anna.type({ sum: `${await sumAt(bank, options, "4242")} ₽` });
  await anna.press("Подтвердить");
  await until(anna, "Возвращено на карту");
  await binds(anna, "4000 0000 0000 3220");
  await until(anna, "Перейти на страницу банка");
  await anna.follow("Перейти на страницу банка");
  await anna.press("Подтвердить");
  assert.match(anna.page.url(), new RegExp(`^${options.portal}/cards/.*/check`), "back from the bank");
  await until(anna, "Списанная сумма");
  await anna.type({ sum: await sumAt(bank, options, "3220") });
  await anna.press("Подтвердить");
  await until(anna, "Возвращено на карту");
  await anna.follow("Все карты");
  await anna.press("Сделать основной");
  const list = await anna.page.locator(".rows > li").allTextContents();
  assert(list[0].includes("3220") && list[0].includes("основная"), list[0]);
  const bound = list.filter((row) => row.includes("Подтверждена")).length;
  await anna.follow("Подробнее");
  await anna.follow("Отвязать карту");
  await anna.press("Отвязать карту");
  await anna.says("Отвязана");
  const left = await anna.page.locator(".rows > li", { hasText: "4242" }).textContent();
  assert(left.includes("основная"), "the other one takes its place");
  return { bound };
}
