// Sessions, second factor and journal, page by page, for axe-core: used by chromium.mjs, by somebody who is signed in.
import assert from "node:assert/strict";
import { codeOf, paperIn, secretIn } from "./totp.mjs";

/// `tools`: page, look(name), open(path, name), send(form), options. Ends signed in.
export async function everyPageOfSecurity({ page, look, open, send, options }) {
  const at = (path) => assert.equal(new URL(page.url()).pathname, path);
  const signIn = async (number) => {
    await page.goto(`${options.portal}/sign-in`);
    await page.fill("input[name=login]", number);
    await page.fill("input[name=password]", options.password);
    await send("/sign-in");
    at("/sign-in/code");
  };
  const type = async (form, code) => {
    await page.fill("input[name=code]", code);
    await send(form);
  };

  await open("/security", "security");
  const number = (await page.innerText("header .number")).replace(/\D/g, "");
  await open("/security/activity", "activity");
  await open("/security/activity?topic=staff", "activity-empty");
  await open("/security/factor", "factor");
  if (await page.isVisible("input[name=password]")) await page.fill("input[name=password]", options.password);
  await send("/security/factor");
  await look("factor-secret");
  const secret = secretIn(await page.innerText("main"));
  await type("/security/factor/confirmation", "abc");
  await look("factor-secret-wrong");
  await type("/security/factor/confirmation", codeOf(secret));
  await look("backup-codes");
  const paper = paperIn(await page.innerText("main"));
  assert.equal(paper.length, 10);
  await open("/security/factor", "factor-on");
  await open("/security/factor/codes", "backup-codes-new");
  await send("/security/factor/codes");
  await look("backup-codes-new-wrong");
  await open("/security/factor/off", "factor-off");
  await send("/security/factor/off");
  await look("factor-off-wrong");

  // Without signing out: the session that stays behind is the other one of the list.
  await page.context().clearCookies();
  await page.goto(`${options.portal}/?locale=${options.locale}`);
  await signIn(number);
  await look("second-step");
  await type("/sign-in/code", "abc");
  await look("second-step-wrong");
  await page.check("input[name=remember]");
  await type("/sign-in/code", paper[0]);
  await open("/security", "security-full");
  assert.equal(await page.locator("main form[action$='/end'], main form[action$='/end-others'], main form[action$='/forget']").count(), 3);
  await open("/security/activity?topic=failures", "activity-failures");

  await page.context().clearCookies();
  await page.goto(`${options.portal}/?locale=${options.locale}`);
  await signIn(number);
  for (let tries = 0; tries < 5; tries += 1) await type("/sign-in/code", "000000");
  await look("second-step-spent");
  await open("/sign-in/code", "second-step-over");
  await signIn(number);
  await type("/sign-in/code", paper[1]);
  at("/cabinet");
}
