use super::*;

const SECRET: &str = "hunter2";

fn read(text: &str) -> Result<String, String> {
    match EnvFile::parse(text.as_bytes()) {
        Ok(file) => Ok(file.get("A").unwrap_or_default().into_string().unwrap()),
        Err(bad) => Err(bad.to_string()),
    }
}

#[test]
fn what_is_written_plainly_or_quoted_stays_what_it_is() {
    for (text, value) in [
        ("A=b", "b"),
        ("A=", ""),
        ("", ""),
        ("  A=b \t", "b"),
        ("export A=b", "b"),
        ("export  A='b c'", "b c"),
        ("# A=x\n\nA=b\n", "b"),
        ("A=b\r\nB='c'\r\n", "b"),
        ("\u{feff}A=b", "b"),
        ("A='ab$defgh'", "ab$defgh"),
        ("A='a\"b\\n`c` #d ${HOME}'", "a\"b\\n`c` #d ${HOME}"),
        ("A='b' # a comment", "b"),
        ("A=\"b #c\"\t# a comment", "b #c"),
        (r#"A="a\"b\\c\$d'e""#, r#"a"b\c$d'e"#),
        ("A=''", ""),
        ("A='пароль'", "пароль"),
        (
            "A=stripe+https://sk_1@host?timeout=5&without=a,b",
            "stripe+https://sk_1@host?timeout=5&without=a,b",
        ),
        ("A=a=b=c", "a=b=c"),
    ] {
        assert_eq!(read(text), Ok(value.to_owned()), "{text:?}");
    }
}

#[test]
fn what_could_be_understood_in_two_ways_is_an_error_that_names_the_line_and_nothing_of_it() {
    for (line, problem) in [
        ("hunter2", NO_PAIR),
        ("A hunter2", NO_PAIR),
        ("A = hunter2", NO_PAIR),
        ("A= hunter2", NO_PAIR),
        ("A =hunter2", NO_PAIR),
        ("=hunter2", NO_PAIR),
        ("hunter2 x=1", NO_PAIR),
        ("1A=hunter2", NO_PAIR),
        ("А=hunter2", NO_PAIR),
        ("export hunter2", NO_PAIR),
        ("A: hunter2", NO_PAIR),
        ("A='hunter2", OPEN_QUOTE),
        ("A=\"hunter2", OPEN_QUOTE),
        ("A=\"hunter2\\\"", OPEN_QUOTE),
        ("A=\"hunter2\\", OPEN_QUOTE),
        ("A='hunter2'hunter2", AFTER_QUOTE),
        ("A='hunter2'#hunter2", AFTER_QUOTE),
        ("A='hun''ter2'", AFTER_QUOTE),
        ("A=\"hunter2\" hunter2", AFTER_QUOTE),
        ("A=\"hunter2\\n\"", ESCAPE),
        ("A=\"ab$hunter2\"", EXPANDED),
        ("A=\"${hunter2}\"", EXPANDED),
        ("A=\"`hunter2`\"", EXPANDED),
        ("A=ab$hunter2", UNQUOTED),
        ("A=hunter2 # a comment", UNQUOTED),
        ("A=hunter2#1", UNQUOTED),
        ("A=hunter2 hunter2", UNQUOTED),
        ("A=hun\\ter2", UNQUOTED),
        ("A=hunter2'", UNQUOTED),
        ("A=hunter2\"", UNQUOTED),
        ("A=`hunter2`", UNQUOTED),
        ("A=hunter2\u{a0}x", UNQUOTED),
        ("A=hunter2\u{200b}", INVISIBLE),
        ("A='hunter2\0'", INVISIBLE),
        ("A=hunter2\rB=c", INVISIBLE),
        ("B='hunter2'", TWICE),
        ("export B=hunter2", TWICE),
    ] {
        let said = read(&format!("B=1\r\n# two\n{line}\nC=3\n")).unwrap_err();
        assert_eq!(said, format!("line 3: {problem}"), "{line:?}");
        assert!(!said.contains(SECRET), "{said}");
    }
}

#[test]
fn another_encoding_is_an_error_at_its_line() {
    let bad = |bytes: &[u8]| EnvFile::parse(bytes).err().unwrap();
    assert_eq!(bad(b"B=1\nA=hunter2\xff\n"), BadLine { line: 2, problem: NOT_UTF_8 });
    let utf_16: Vec<u8> = "\u{feff}A=hunter2".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(bad(&utf_16).line, 1);
    let bare: Vec<u8> = "A=hunter2".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(bad(&bare), BadLine { line: 1, problem: INVISIBLE });
}
