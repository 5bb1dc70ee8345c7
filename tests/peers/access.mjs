// Invitation, security questions and recovery, page by page, for axe-core: used by chromium.mjs.
const ANOTHER = "tuman-rastayal-nad-5-rekoy";

/// `tools`: page, look(name), open(path, name), send(form), press(caption), options.
export async function everyPageOfAccess({ page, look, open, send, press, options }) {
  const sandbox = new URL(options.codes).origin;
  const address = `vera-${options.locale.toLowerCase()}@example.com`;

  async function mail(count) {
    for (let tries = 0; tries < 100; tries += 1) {
      const all = await (await fetch(options.codes)).json();
      const found = all.filter((message) => message.to === address);
      if (found.length >= count) return found[0];
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`no mail ${count} to ${address}`);
  }
  const path = (message, start) => new URL(new RegExp(`http\\S*${start}\\S*`).exec(message.text)[0]).pathname;
  const answer = async (texts) => {
    for (const [place, text] of texts.entries()) await page.fill(`input[name=answer${place + 1}]`, text);
  };
  const choose = async (words) => {
    for (const [place, word] of words.entries()) await page.selectOption(`select[name=question${place + 1}]`, word);
  };

  await page.goto(`${sandbox}/invitations?locale=${options.locale}`);
  await page.fill("input[name=email]", address);
  await page.selectOption("select[name=locale]", options.locale);
  await send("/invitations");
  const invitation = path(await mail(1), "/invitations/");
  await open(`${invitation}?locale=${options.locale}`, "invitation");
  await open("/invitation/code", "invitation-code");
  await send("/invitation/code");
  await look("invitation-code-empty");
  await page.goto(options.portal + invitation);
  await press("Confirm");
  await look("invitation-privacy");
  await send("/invitation/privacy");
  await look("invitation-unticked");
  await page.check("input[name=agree]");
  await press("Agree");
  await look("invitation-password");
  await open(invitation, "invitation-begun");
  await page.goto(`${options.portal}/invitation/password`);
  await page.fill("input[name=password]", options.password);
  await page.fill("input[name=again]", options.password);
  await send("/invitation/password");
  await look("invitation-questions");
  await choose(["toy", "toy", ""]);
  await answer(["", "x", ""]);
  await send("/invitation/questions");
  await look("invitation-questions-wrong");
  await choose(["toy", "dish", "poem"]);
  await answer(["Ёжик", "каша", "Бородино"]);
  await send("/invitation/questions");
  await look("invited-done");
  await open(invitation, "invitation-done");
  await open("/questions", "questions");
  await send("/questions");
  await look("questions-wrong");
  await choose(["toy", "dish", "poem"]);
  await answer(["Ёжик", "каша", "Бородино"]);
  await send("/questions");
  await look("questions-set");
  await page.goto(`${options.portal}/cabinet`);
  await send("/sign-out");

  await open("/recovery", "recovery");
  await send("/recovery");
  await look("recovery-empty");
  await open("/recovery/phone", "recovery-phone");
  await send("/recovery/phone");
  await look("recovery-phone-empty");
  await page.fill("input[name=phone]", "+79165550077");
  await send("/recovery/phone");
  await look("recovery-texted");
  await page.goto(`${options.portal}/recovery`);
  await page.fill("input[name=email]", address);
  await send("/recovery");
  await look("recovery-mailed");
  await page.fill("input[name=code]", "abc");
  await send("/recovery/code");
  await look("recovery-code-wrong");
  const link = path(await mail(3), "/recovery/links/");
  await open(link, "recovery-step");
  await send("/recovery/step");
  await look("recovery-questions");
  await answer(["a", "b", "c"]);
  await send("/recovery/questions");
  await look("recovery-questions-wrong");
  await answer(["ежик", "КАША", "бородино"]);
  await send("/recovery/questions");
  await look("recovery-password");
  await page.fill("input[name=password]", "11");
  await send("/recovery/password");
  await look("recovery-password-wrong");
  await page.fill("input[name=password]", ANOTHER);
  await page.fill("input[name=again]", ANOTHER);
  await send("/recovery/password");
  await look("recovered");
  await open("/recovery/links/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "recovery-dead");
}
