// Bank cards in a browser without JavaScript: bound, checked, refused, unbound; the bank's own page on the way. Used by chromium.mjs.
import assert from "node:assert/strict";

const PATIENCE_MS = 30_000;
const HOLDER = "ANNA PETROVA";

async function binds(browser, number) {
  await browser.follow("Карты");
  await browser.follow("Добавить карту");
  browser.at("/cards/new");
  await browser.type({ number, holder: HOLDER, expiry: "12/35", security_code: "123" });
  await browser.press("Сохранить");
  assert.match(new URL(browser.page.url()).pathname, /^\/cards\/[^/]+\/verification$/);
  await browser.says("Где мои деньги?");
}

/// How often «Обновить» was pressed.
let presses = 0;

/// Presses «Обновить» until the page says so.
async function refreshesUntil(browser, words) {
  const until = Date.now() + PATIENCE_MS;
  while (!(await browser.page.innerText("main")).replace(/\s+/g, " ").includes(words)) {
    assert(Date.now() < until, `not within ${PATIENCE_MS} ms: «${words}»`);
    await browser.follow("Обновить");
    presses += 1;
  }
}

/// In another window, by the link on the page: the sum of the newest charge of that card.
async function readsTheSum(browser, bank, card) {
  await bank.page.goto(await browser.page.getAttribute('main a[href*="/bank?"]', "href"));
  await bank.follow(card);
  const text = await bank.page.innerText("main");
  return /Списание (\d+,\d\d)/.exec(text)[1];
}

async function namesTheSum(browser, bank, card) {
  await refreshesUntil(browser, "Введите сумму");
  const sum = await readsTheSum(browser, bank, card);
  await browser.type({ sum });
  await browser.press("Подтвердить");
  await browser.says("Подтверждена");
  return sum;
}

/// `tools`: open(), a browser of its own with page, press(caption), follow(link), at(path), says(words), type(fields); options.
export async function cards({ open, options }) {
  const [anna, bank] = [await open(), await open()];
  await anna.goto("/sign-in?locale=ru_RU");
  await anna.type({ login: options.email, password: options.password });
  await anna.press("Войти");
  anna.at("/cabinet");

  await anna.follow("Карты");
  await anna.follow("Добавить карту");
  const fields = anna.page.locator("form[action='/cards'] .field input");
  assert.deepEqual(await fields.evaluateAll((all) => all.map((one) => one.autocomplete)), ["cc-number", "cc-exp", "cc-csc", "cc-name"]);
  await anna.type({ number: "4242 4242 4242 4241", holder: "4242", expiry: "13/35", security_code: "1" });
  await anna.press("Сохранить");
  assert.equal(await anna.page.locator("[aria-invalid=true]").count(), 4);
  for (const secret of ["number", "security_code"]) assert.equal(await anna.page.inputValue(`input[name=${secret}]`), "");

  await binds(anna, "4242 4242 4242 4242");
  await anna.says("Вернём деньги на карту");
  assert.match(await anna.page.getAttribute("main .track time", "datetime"), /^\d{4}-\d\d-\d\dT/);
  const sum = await namesTheSum(anna, bank, "Visa •••• 4242");
  await refreshesUntil(anna, "Вернули деньги на карту");
  await anna.says(sum);

  // 3-D Secure: the portal leads to the bank by a link, the bank's form leads back; neither policy stands in the way.
  await binds(anna, "4000 0000 0000 3220");
  await refreshesUntil(anna, "Перейти на страницу банка");
  const check = anna.page.url();
  await anna.follow("Перейти на страницу банка");
  await anna.says("Подтвердите списание");
  await anna.press("Подтвердить");
  assert.equal(anna.page.url(), check.replace("/verification", "/waiting"));
  await namesTheSum(anna, bank, "Visa •••• 3220");
  await refreshesUntil(anna, "Вернули деньги на карту");
  assert.equal(presses, 0, "each page has waited for the bank");

  await anna.follow("Карты");
  await anna.press("Сделать основной");
  anna.at("/cards");
  assert.match(await anna.page.innerText("main li:first-child"), /3220[^]*основная/);
  await anna.page.locator("main li:first-child a").click();
  await anna.follow("Отвязать карту");
  await anna.says("Отвязать карту?");
  await anna.press("Отвязать карту");
  anna.at("/cards");
  assert.match(await anna.page.innerText("main li:first-child"), /Отвязана/);
  await anna.says("Visa •••• 4242 · основная");
  return { sum };
}
