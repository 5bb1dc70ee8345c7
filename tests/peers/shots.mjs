// Pictures of pages for a person to look at: KABINET_TEST_SHOTS names the directory, KABINET_TEST_SHOTS_ONLY what the names begin with.
import { mkdirSync } from "node:fs";

export async function shots(page, name) {
  const { KABINET_TEST_SHOTS: dir, KABINET_TEST_SHOTS_ONLY: only = "" } = process.env;
  if (!dir || !name.startsWith(only)) return;
  mkdirSync(dir, { recursive: true });
  const usual = page.viewportSize();
  for (const width of [360, 1280]) {
    for (const colorScheme of ["light", "dark"]) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `${dir}/${name}-${width}-${colorScheme}.png`, fullPage: true });
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(usual);
}
