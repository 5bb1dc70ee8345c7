// Pictures of pages for a person to look at: KABINET_TEST_SHOTS names the directory, KABINET_TEST_SHOTS_ONLY what the names begin with.
import { mkdirSync } from "node:fs";

export async function shots(page, name) {
  const { KABINET_TEST_SHOTS: dir, KABINET_TEST_SHOTS_ONLY: only = "" } = process.env;
  if (!dir || !name.startsWith(only)) return;
  mkdirSync(dir, { recursive: true });
  const usual = page.viewportSize();
  const keep = (look) => page.screenshot({ path: `${dir}/${name}-${look}.png`, fullPage: true });
  for (const width of [320, 360, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await keep(`${width}-${colorScheme}`);
    }
  }
  await page.emulateMedia({ media: "print", colorScheme: "light" });
  await keep("print");
  await page.setViewportSize({ width: 360, height: 800 });
  await page.emulateMedia({ media: "screen", forcedColors: "active" });
  await keep("forced");
  await page.emulateMedia({ media: "screen", colorScheme: "light", forcedColors: "none" });
  await page.setViewportSize(usual);
}
