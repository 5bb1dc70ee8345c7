// Profile, messages, SMS settings and the check of a message, page by page, for axe-core: used by chromium.mjs, after a registration.

/// `tools`: page, look(name), open(path, name), send(form), options.
export async function everyPageOfProfile({ page, look, open, send, options }) {
  await open("/profile", "profile");
  await open("/profile/name", "name");
  await page.fill("input[name=name]", "4242 4242 4242 4242");
  await send("/profile/name");
  await look("name-wrong");
  await page.fill("input[name=name]", "Анна");
  await send("/profile/name");
  await open("/profile/language", "language");
  await open("/profile/time-zone", "time-zone");
  await open("/profile/password", "new-password");
  await page.fill("input[name=password]", "11");
  await send("/profile/password");
  await look("new-password-wrong");
  await open("/profile/password/changed", "password-changed");
  await open("/profile/phone", "phone");
  await page.fill("input[name=phone]", "abc");
  await send("/profile/phone");
  await look("phone-wrong");
  await page.fill("input[name=phone]", options.phone.replace("916", "926"));
  await send("/profile/phone");
  await look("phone-code");
  await page.fill("input[name=code]", "abc");
  await send("/profile/phone/code");
  await look("phone-code-wrong");
  await open("/profile/phone/changed", "phone-changed");
  await open("/profile", "profile-full");
  await open("/profile/phone/removal", "phone-only");
  await open("/profile/email/removal", "nothing-to-remove");
  await open("/messages", "messages");
  await open("/sms-settings", "sms-settings");
  for (const topic of ["purchases", "refunds", "disputes", "cards"]) await page.uncheck(`input[name=${topic}]`);
  await page.fill("input[name=least]", "1e3");
  await send("/sms-settings");
  await look("sms-preferences-wrong");
  await open("/messages/verify", "verify");
  await send("/messages/verify");
  await look("verify-empty");
  await page.goto(`${options.portal}/messages`);
  const number = await page.textContent(".rows .code");
  await page.goto(`${options.portal}/messages/verify`);
  await page.fill("input[name=number]", number);
  await send("/messages/verify");
  await look("verify-ours");
  await page.fill("input[name=number]", "00000-00000");
  await send("/messages/verify");
  await look("verify-unknown");
}
