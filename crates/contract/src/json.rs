//! A reader for JSON text whose grammar is already known to be right.
//!
//! `serde_json` refuses what is grammatical and yet cannot be held: half a surrogate, a number
//! beyond the range of a double. Each of these would cost a whole page, so the grammar alone is
//! left to `serde_json` and the values are read here. Everything returns `None` rather than
//! panic on text that is not JSON after all.

use std::borrow::Cow;

use memchr::{memchr, memchr2};
use serde_json::value::RawValue;

/// Walks over JSON text.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

/// One complete JSON value without the blanks around it; `None` for anything else. Nesting of
/// any depth is accepted and costs no stack.
pub(crate) fn checked(text: &str) -> Option<&str> {
    serde_json::from_str::<&RawValue>(text)
        .ok()
        .map(RawValue::get)
}

/// Bytes from outside as text: a byte order mark is dropped, what is not UTF-8 is replaced.
pub(crate) fn text_of(body: &[u8]) -> Cow<'_, str> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    // Many times faster, and as a rule nothing is to be replaced.
    std::str::from_utf8(body).map_or_else(|_| String::from_utf8_lossy(body), Cow::Borrowed)
}

/// The elements of an array, each as its own text, at most that many; `None` unless it is an array.
pub(crate) fn elements(array: &str, most: usize) -> Option<Vec<&str>> {
    let mut reader = Reader::new(array);
    let mut found = Vec::new();
    reader.enter(b'[')?;
    while found.len() < most && !reader.leave(b']')? {
        found.push(reader.raw_value()?);
        reader.comma();
    }
    Some(found)
}

/// The members of an object in their order, each value as its own text; `None` unless it is an
/// object.
pub(crate) fn members(object: &str) -> Option<Vec<(Cow<'_, str>, &str)>> {
    let mut reader = Reader::new(object);
    let mut found = Vec::new();
    reader.enter(b'{')?;
    while !reader.leave(b'}')? {
        let name = unquoted(reader.raw_value()?);
        reader.colon()?;
        found.push((name, reader.raw_value()?));
        reader.comma();
    }
    Some(found)
}

/// The characters that a string token stands for; half a surrogate becomes U+FFFD.
pub(crate) fn unquoted(token: &str) -> Cow<'_, str> {
    decode(token).0
}

/// Whether a string token holds half a surrogate, which no text can hold.
pub(crate) fn has_half_surrogate(token: &str) -> bool {
    decode(token).1
}

fn decode(token: &str) -> (Cow<'_, str>, bool) {
    let inner = token.strip_prefix('"').unwrap_or(token);
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let Some(first) = memchr(b'\\', inner.as_bytes()) else {
        return (Cow::Borrowed(inner), false);
    };
    let mut text = String::with_capacity(inner.len());
    let mut half = false;
    let mut rest = inner;
    let mut next = Some(first);
    while let Some(at) = next {
        text.push_str(&rest[..at]);
        let mut escape = rest[at + 1..].chars();
        let kind = escape.next();
        rest = escape.as_str();
        match kind {
            Some('b') => text.push('\u{8}'),
            Some('f') => text.push('\u{c}'),
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('t') => text.push('\t'),
            Some('u') => {
                let (character, after) = code_point(rest);
                half |= character.is_none();
                text.push(character.unwrap_or('\u{fffd}'));
                rest = after;
            }
            Some(other) => text.push(other),
            None => {}
        }
        next = memchr(b'\\', rest.as_bytes());
    }
    text.push_str(rest);
    (Cow::Owned(text), half)
}

/// Reads what follows `\u`: a character, or `None` for half a surrogate, and what comes after.
fn code_point(text: &str) -> (Option<char>, &str) {
    let Some((first, after)) = four_digits(text) else {
        return (None, text);
    };
    if !(0xd800..0xdc00).contains(&first) {
        return (char::from_u32(first), after);
    }
    let second = after.strip_prefix("\\u").and_then(four_digits);
    match second {
        Some((second, rest)) if (0xdc00..0xe000).contains(&second) => {
            let scalar = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            (char::from_u32(scalar), rest)
        }
        Some(_) | None => (None, after),
    }
}

fn four_digits(text: &str) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_at_checked(4)?;
    Some((u32::from_str_radix(digits, 16).ok()?, rest))
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The next byte that is no blank, without going past it.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while bytes
            .get(self.at)
            .is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
        {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    /// Goes past the opening bracket.
    pub(crate) fn enter(&mut self, bracket: u8) -> Option<()> {
        (self.peek()? == bracket).then(|| self.at += 1)
    }

    /// Goes past the closing bracket, if it is next; `None` at the end of the text.
    pub(crate) fn leave(&mut self, bracket: u8) -> Option<bool> {
        let closes = self.peek()? == bracket;
        self.at += usize::from(closes);
        Some(closes)
    }

    /// Goes past the colon after a name.
    pub(crate) fn colon(&mut self) -> Option<()> {
        self.enter(b':')
    }

    /// Goes past the comma after an element, if there is one.
    pub(crate) fn comma(&mut self) {
        if self.peek() == Some(b',') {
            self.at += 1;
        }
    }

    /// The text of the next value, whole; goes past it, at any depth, without recursion.
    pub(crate) fn raw_value(&mut self) -> Option<&'a str> {
        self.peek()?;
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut depth = 0_usize;
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b'"' => {
                    self.past_string();
                    if depth == 0 {
                        break;
                    }
                    continue;
                }
                b'[' | b'{' => depth += 1,
                b']' | b'}' if depth == 0 => break,
                b']' | b'}' => {
                    depth -= 1;
                    if depth == 0 {
                        self.at += 1;
                        break;
                    }
                }
                b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' if depth == 0 => break,
                _ => {}
            }
            self.at += 1;
        }
        self.text
            .get(start..self.at)
            .filter(|value| !value.is_empty())
    }

    fn past_string(&mut self) {
        let bytes = self.text.as_bytes();
        self.at += 1;
        while let Some(ahead) = bytes
            .get(self.at..)
            .and_then(|rest| memchr2(b'"', b'\\', rest))
        {
            self.at += ahead + 1;
            if bytes[self.at - 1] == b'"' {
                return;
            }
            // What is escaped is no end.
            self.at += 1;
        }
        self.at = bytes.len();
    }
}
