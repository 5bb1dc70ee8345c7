//! How numbers and addresses are hidden where others may look: in one way.

/// A sign that hides something otherwise than `•••• 4242`, `p•••@example.org` or `+7 ••• •••-45-67`; with what stands around it.
pub fn other_mask(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let around = |from: usize, to: usize| {
        chars[from.saturating_sub(16)..(to + 8).min(chars.len())].iter().collect::<String>()
    };
    let mut at = 0;
    while let Some(sign) = chars.get(at).copied() {
        let end = at + chars[at..].iter().take_while(|c| **c == sign).count();
        let run = end - at;
        let is_other = match sign {
            '•' => !is_known(&chars[..at], run, &chars[end..]),
            '*' | '·' | '×' | '●' | '#' => run > 1 && sign != '#' || run > 3,
            // `xxxx‑xxxx‑xx` says what a code looks like.
            'x' | 'X' => {
                run > 2 && chars.get(end).is_some_and(|c| matches!(c, ' ' | '@') || c.is_ascii_digit())
            }
            '…' => chars[end..].len() >= 4 && chars[end..end + 4].iter().all(char::is_ascii_digit),
            _ => false,
        };
        if is_other {
            return Some(around(at, end));
        }
        at = end;
    }
    None
}

/// Blanks beside Chinese marks, which are as wide as a letter and have their own; each with what stands around it.
pub fn blank_beside_chinese(source: &str) -> Vec<String> {
    let mut line = String::new();
    for (nth, part) in source.split('<').enumerate() {
        let (tag, text) = if nth == 0 { ("", part) } else { part.split_once('>').unwrap_or((part, "")) };
        let name = tag.trim_start_matches('/').split_whitespace().next().unwrap_or_default();
        // What stands on lines of its own is no sentence.
        if !matches!(name, "" | "a" | "strong" | "span" | "time" | "code" | "em") {
            line.push('\n');
        }
        line.push_str(text);
    }
    let chars: Vec<char> = line.chars().collect();
    let is_mark = |at: usize| chars.get(at).is_some_and(|c| "：，。；！？（）、“”《》".contains(*c));
    let is_text = |at: usize| chars.get(at).is_some_and(|c| !c.is_whitespace() && !"·(".contains(*c));
    let is_odd = |at: &usize| {
        chars[*at] == ' ' && (is_mark(at - 1) && is_text(at + 1) || is_text(at - 1) && is_mark(at + 1))
    };
    let around = |at: usize| chars[at.saturating_sub(20)..(at + 20).min(chars.len())].iter().collect();
    (1..chars.len()).filter(is_odd).map(around).collect()
}

fn is_known(before: &[char], run: usize, after: &[char]) -> bool {
    let is_end_of_number = || {
        let mut rest = after.iter();
        rest.next().is_some_and(|c| c.is_whitespace())
            && rest.by_ref().take(4).filter(|c| c.is_ascii_digit()).count() == 4
            && rest.next().is_none_or(|c| !c.is_ascii_digit())
    };
    let is_address = || {
        let name: Vec<_> = before.iter().rev().take_while(|c| !c.is_whitespace()).collect();
        after.first() == Some(&'@') && name.iter().filter(|c| c.is_alphanumeric()).count() == 1
    };
    let of_phone = |c: &&char| c.is_ascii_digit() || matches!(c, '•' | ' ' | '\u{a0}' | '-' | '(' | ')');
    let is_phone = || before.iter().rev().find(|c| !of_phone(c)) == Some(&'+');
    run == 4 && is_end_of_number() || run == 3 && is_address() || is_phone()
}

#[test]
fn other_ways_are_found() {
    for known in
        ["Visa •••• 4242 · основная", "на p•••@почта.рф.", "SMS на +7 ••• •••-45-67", "a · b", "2 * 3"]
    {
        assert_eq!(other_mask(known), None, "{known}");
    }
    for other in [
        "p***@x.org",
        "+7 *** ***",
        "··4242",
        "•••• •••• 8894",
        "**4242",
        "•4242",
        "an•••@x.org",
        "…4242",
        "xxxx 4242",
    ] {
        assert!(other_mask(other).is_some(), "{other}");
    }
}
