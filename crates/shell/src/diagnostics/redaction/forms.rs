//! The forms in which a text may stand in another one: as it is, in JSON, in an address, with other blanks.

use regex::{Regex, RegexBuilder};

/// What people, JSON and addresses put between the digits of a phone.
pub(super) const BETWEEN_DIGITS: &str =
    r"(?:[ \-()\u{a0}\u{2009}\u{202f}]|%(?:20|28|29|2B|2D)|\\u00a0|\+)";
/// The same, where the digits are known to be a phone.
const BETWEEN_KNOWN_DIGITS: &str =
    r"(?:[\s\-()./_\u{a0}\u{2009}\u{202f}]|%(?:20|28|29|2B|2D|2E|2F)|\\u00a0|\+)*";
const BLANKS: &str = r"(?:\s|%20|%0A|\+|\\[nrt]|\\u00a0)+";
/// So many texts go into one pattern.
const TOGETHER: usize = 50;
/// Bytes of a compiled pattern.
const LARGEST: usize = 64 * 1024 * 1024;

/// Patterns that find any of these texts, the longest first, in capitals or not.
pub(super) fn any_of(
    texts: impl Iterator<Item = String>,
    form: impl Fn(&str) -> String,
) -> Vec<Regex> {
    let mut texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
    texts.sort_unstable_by(|one, other| other.len().cmp(&one.len()).then(one.cmp(other)));
    texts.dedup();
    texts
        .chunks(TOGETHER)
        .filter_map(|texts| {
            let patterns: Vec<String> = texts.iter().map(|text| form(text)).collect();
            RegexBuilder::new(&patterns.join("|"))
                .case_insensitive(true)
                .size_limit(LARGEST)
                .build()
                .ok()
        })
        .collect()
}

/// A pattern for a text: each letter as it is or escaped, each blank as any other.
pub(super) fn of_text(text: &str) -> String {
    let mut pattern = String::new();
    let mut was_blank = false;
    for letter in text.chars() {
        if letter.is_whitespace() {
            if !was_blank {
                pattern.push_str(BLANKS);
            }
        } else if letter.is_ascii_alphanumeric() {
            pattern.push(letter);
        } else {
            pattern.push_str(&of_letter(letter));
        }
        was_blank = letter.is_whitespace();
    }
    pattern
}

fn of_letter(letter: char) -> String {
    let itself = regex::escape(letter.encode_utf8(&mut [0; 4]));
    let percent: String = letter
        .encode_utf8(&mut [0; 4])
        .bytes()
        .map(|byte| format!("%{byte:02X}"))
        .collect();
    let units: String = letter
        .encode_utf16(&mut [0; 2])
        .iter()
        .map(|unit| format!(r"\\u{unit:04x}"))
        .collect();
    // JSON may put a backslash before it; a path in JSON has two for one.
    format!(r"(?:\\?{itself}|{percent}|{units})")
}

/// A pattern for the digits of a phone, whatever stands between them.
pub(super) fn of_phone(digits: &str) -> String {
    let digits: Vec<String> = digits.chars().map(String::from).collect();
    digits.join(BETWEEN_KNOWN_DIGITS)
}

/// Whether a text ends with something that stands for another letter: `%20`, `\n`.
pub(super) fn ends_escaped(text: &str) -> bool {
    let ends = |length: usize, prefix: &str, is_code: fn(char) -> bool| {
        text.len()
            .checked_sub(length)
            .and_then(|at| text.get(at..))
            .and_then(|end| end.strip_prefix(prefix))
            .is_some_and(|code| code.chars().all(is_code))
    };
    let is_hexadecimal = |letter: char| letter.is_ascii_hexdigit();
    ends(3, "%", is_hexadecimal)
        || ends(6, "\\u", is_hexadecimal)
        || ends(2, "\\", |letter| "nrtbf".contains(letter))
}
