// The life of an account in a browser without JavaScript, through real mail and SMS: used by chromium.mjs.
import { readFileSync } from "node:fs";
import assert from "node:assert/strict";
import { codeOf, paperIn, secretIn } from "./totp.mjs";

const PATIENCE_MS = 30_000;
const ANOTHER = "tuman-rastayal-nad-5-rekoy";
const ANSWERS = ["Ёжик Тоша", "манная каша", "Бородино"];

/// `tools`: open(), a browser of its own with page, press(caption), follow(link), at(path), says(words), type(fields), choose(lists); options.
function postOf(options) {
  const lines = (file) => readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
  async function wait(what, look) {
    const until = Date.now() + PATIENCE_MS;
    while (Date.now() < until) {
      const found = look();
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`not within ${PATIENCE_MS} ms: ${what}`);
  }
  const digits = (text) => text.replace(/\D/g, "");
  return {
    /// The newest mail with that subject, when there are so many.
    mail: (address, subject, count = 1) =>
      wait(`mail ${count} «${subject}» to ${address}`, () => {
        const found = lines(options.mails).filter((line) => line.event === "mail" && line.to.includes(address) && line.subject === subject);
        return found.length >= count && found.at(-1);
      }),
    /// The code in the newest SMS that says so.
    code: async (phone, words) => {
      const sms = await wait(`an SMS «${words}» to ${phone}`, () =>
        lines(options.codes).findLast((line) => line.event === "sms" && digits(line.to) === digits(phone) && line.text.includes(words)),
      );
      return /(?<!\d)\d{4}(?!\d)/.exec(sms.text)[0];
    },
  };
}

const linkIn = (mail, start) => new RegExp(`http\\S*${start}\\S*`).exec(mail.text)[0];
const codeIn = (mail) => /(?<![\d-])\d{6}(?!\d)/.exec(mail.text)[0];
const INVITED = "Ваш аккаунт готов";

async function invite(browser, options) {
  await browser.page.goto(`${options.sandbox}/invitations?locale=ru_RU`);
  await browser.type({ email: options.email });
  await browser.press("Пригласить");
}

async function answerQuestions(browser, answers) {
  for (const [place, answer] of answers.entries()) await browser.type({ [`answer${place + 1}`]: answer });
}

async function takesOver(browser, options, code) {
  await browser.goto("/invitation/code");
  await browser.type({ email: options.email, code });
  await browser.press("Продолжить");
  browser.at("/invitation/privacy");
  await browser.press("Agree");
  await browser.says("Отметьте, что вы согласны");
  await browser.page.check("input[name=agree]");
  await browser.press("Agree");
  browser.at("/invitation/password");
  await browser.type({ password: options.password, again: options.password });
  await browser.press("Продолжить");
  browser.at("/invitation/questions");
  for (const [place, word] of ["toy", "dish", "poem"].entries()) await browser.choose({ [`question${place + 1}`]: word });
  await answerQuestions(browser, ANSWERS);
  await browser.press("Отправить");
  browser.at("/registration/done");
  await browser.says("Вам подарок");
  return browser.number();
}

/// Invited twice; the older link is dead and leads on; another browser types the short code; later the password is forgotten.
export async function invited({ open, options }) {
  const post = postOf(options);
  const [desk, phone] = [await open(), await open()];
  await invite(desk, options);
  const first = await post.mail(options.email, INVITED, 1);
  await invite(desk, options);
  const second = await post.mail(options.email, INVITED, 2);
  await desk.page.goto(linkIn(first, "/invitations/"));
  await desk.says("Есть письмо новее");
  await desk.press("Отправить ещё раз");
  desk.at("/invitation/code");
  const third = await post.mail(options.email, INVITED, 3);
  await desk.page.goto(linkIn(second, "/invitations/"));
  await desk.says("Есть письмо новее");
  await desk.page.goto(linkIn(third, "/invitations/"));
  await desk.says("Ваш аккаунт готов");
  const number = await takesOver(phone, options, codeIn(third));
  await desk.page.goto(linkIn(third, "/invitations/"));
  await desk.says("Аккаунт уже ваш");
  await desk.follow("Войти");
  desk.at("/sign-in");

  await desk.follow("Забыли пароль?");
  await desk.type({ email: options.email });
  await desk.press("Восстановить");
  await desk.says("Если у нас есть аккаунт с адресом");
  const mail = await post.mail(options.email, "Восстановление доступа");
  const tablet = await open();
  await tablet.page.goto(linkIn(mail, "/recovery/links/"));
  tablet.at("/recovery/step");
  await tablet.press("Продолжить");
  tablet.at("/recovery/questions");
  await answerQuestions(tablet, ["ежик тоша!", "МАННАЯ КАША", "«бородино»"]);
  await tablet.press("Продолжить");
  tablet.at("/recovery/password");
  await tablet.type({ password: ANOTHER, again: ANOTHER });
  await tablet.press("Сменить пароль");
  await tablet.says("Пароль изменён");
  await phone.goto("/cabinet");
  phone.at("/sign-in");
  await tablet.type({ login: number, password: ANOTHER });
  await tablet.press("Войти");
  tablet.at("/cabinet");
  assert.equal(await tablet.number(), number);
  await desk.goto("/recovery/code");
  desk.at("/sign-in");
  return { number, password: ANOTHER };
}

async function signsIn(browser, options, password = options.password) {
  await browser.goto("/sign-in?locale=ru_RU");
  await browser.type({ login: options.email, password });
  await browser.press("Войти");
}

/// Whoever has an account changes everything about it, by links and buttons alone.
export async function owner({ open, options }) {
  const post = postOf(options);
  const desk = await open();
  await signsIn(desk, options);
  await desk.follow("Профиль");
  await desk.follow("Указать имя");
  await desk.type({ name: "Анна Сергеевна" });
  await desk.press("Сохранить");
  await desk.says("Анна Сергеевна");
  await desk.follow("Сменить часовой пояс");
  await desk.choose({ zone: "Asia/Vladivostok" });
  await desk.press("Сохранить");
  await desk.says("Владивосток");
  await desk.follow("Сменить язык");
  await desk.choose({ language: "en_US" });
  await desk.press("Сохранить");
  assert.equal(await desk.page.getAttribute("html", "lang"), "en");
  await desk.follow("Change the language");
  await desk.choose({ language: "ru_RU" });
  await desk.press("Save");
  await desk.says("Русский");

  const email = `new-${options.email}`;
  await desk.follow("Сменить почту");
  await desk.type({ email });
  await desk.press("Отправить письмо");
  await desk.type({ code: codeIn(await post.mail(email, "Подтвердите адрес электронной почты")) });
  await desk.press("Подтвердить адрес");
  await desk.says("Адрес подтверждён");
  await desk.follow("В личный кабинет");
  await desk.follow("Профиль");
  const phone = options.phone.replace("916", "926");
  await desk.follow("Сменить телефон");
  await desk.type({ phone });
  await desk.press("Получить код");
  await desk.type({ code: await post.code(phone, "для смены номера") });
  await desk.press("Подтвердить номер");
  await desk.says("Телефон подтверждён");
  await desk.follow("Вернуться в профиль");
  await desk.follow("Контрольные вопросы");
  for (const [place, word] of ["toy", "dish", "poem"].entries()) await desk.choose({ [`question${place + 1}`]: word });
  await answerQuestions(desk, ANSWERS);
  await desk.press("Отправить");
  await desk.says("Контрольные вопросы сохранены");
  await desk.goto("/profile");
  await desk.follow("Сменить пароль");
  await desk.type({ current: options.password, password: ANOTHER, again: ANOTHER });
  await desk.press("Сменить пароль");
  await desk.says("Остальные сеансы завершены");

  await desk.follow("Вернуться в профиль");
  await desk.follow("SMS-уведомления");
  await desk.says("SMS включены");
  await desk.page.uncheck("input[name=disputes]");
  await desk.type({ least: "499,90" });
  await desk.press("Сохранить");
  await desk.says("SMS включены");
  assert.equal(await desk.page.inputValue("input[name=least]"), "499,90");
  assert(!(await desk.page.isChecked("input[name=disputes]")) && (await desk.page.isChecked("input[name=cards]")));
  await desk.page.uncheck("input[name=on]");
  await desk.press("Сохранить");
  await desk.says("выключены");
  await desk.follow("← Профиль");
  await desk.follow("← Личный кабинет");
  await desk.says("Здравствуйте, Анна Сергеевна!");
  await desk.follow("Что мы вам отправляли");
  await desk.says("Настройки SMS изменены");
  await desk.says("Телефон изменён");
  const told = await post.mail(email, "Пароль изменён");
  const number = /Номер сообщения: (\S+)/.exec(told.text)[1];
  await desk.says(number);
  const stranger = await open();
  await stranger.goto("/?locale=ru_RU");
  await stranger.follow("Это письмо от нас?");
  await stranger.type({ number: number.toLowerCase().replace("-", " ") });
  await stranger.press("Проверить");
  await stranger.says(`Сообщение ${number} отправили мы`);
  assert(!(await stranger.page.content()).includes(email.slice(0, 5)));
  await signsIn(stranger, { ...options, email }, ANOTHER);
  stranger.at("/cabinet");
  return { email, phone };
}

/// The second factor, backup codes, remembered browsers, sessions and the journal.
export async function guard({ open, options }) {
  const [desk, phone] = [await open(), await open()];
  await signsIn(desk, options);
  await desk.follow("Безопасность");
  await desk.follow("Включить код при входе");
  await desk.press("Продолжить");
  const secret = secretIn(await desk.page.innerText("main"));
  await desk.type({ code: codeOf(secret) });
  await desk.press("Включить");
  const paper = paperIn(await desk.page.innerText("main"));
  assert.equal(paper.length, 10);
  await desk.follow("Коды записаны");
  await desk.press("Выйти");
  await signsIn(desk, options);
  desk.at("/sign-in/code");
  await desk.goto("/cabinet");
  desk.at("/sign-in");
  await signsIn(desk, options);
  // The next one: the one that turned the factor on is spent.
  await desk.type({ code: codeOf(secret, 1) });
  await desk.press("Войти");
  desk.at("/cabinet");

  await signsIn(phone, options);
  await phone.type({ code: paper[3] });
  await phone.page.check("input[name=remember]");
  await phone.press("Войти");
  phone.at("/cabinet");
  await phone.press("Выйти");
  await signsIn(phone, options);
  phone.at("/cabinet");

  await desk.follow("Безопасность");
  await desk.says("Осталось 9 кодов восстановления");
  await desk.press("Завершить");
  await phone.goto("/cabinet");
  phone.at("/sign-in");
  await signsIn(phone, options);
  await phone.goto("/security");
  await phone.press("Завершить все, кроме этого");
  phone.at("/security");
  await desk.goto("/cabinet");
  desk.at("/sign-in");
  await phone.press("Забыть");
  await phone.follow("Открыть журнал");
  for (const words of ["Код при входе включён", "Использован код восстановления", "Сеанс завершён", "Запомненный браузер забыт", "Выход"]) {
    await phone.says(words);
  }
  await phone.choose({ topic: "failures" });
  await phone.press("Показать");
  await phone.says("Таких записей нет");
  await phone.press("Выйти");
  await signsIn(phone, options);
  phone.at("/sign-in/code");
  return { paper };
}
