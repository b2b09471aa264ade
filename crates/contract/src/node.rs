//! A JSON value that can hold whatever came: numbers keep their digits, half surrogates are
//! replaced, chat history is not taken in at all.

use std::borrow::Cow;
use std::fmt::Write;

use crate::json::{Reader, unquoted};

/// How deep nesting is kept; what is deeper is replaced by `null`. Far above any real order, and
/// below the limit of every reader that sees the kept text later.
const DEPTH: usize = 64;

/// How many values of one element are kept; what is more is dropped. Far above any real order: without a
/// bound, an answer of a few megabytes could need gigabytes.
const VALUES: usize = 100_000;

/// What the text of an order takes as a rule, in bytes.
const AN_ORDER: usize = 4096;

/// As many members are compared with each other; more would take the square of the time.
const FEW: usize = 64;

/// Members that must not be stored or logged, as [`is_chat_history`] spells them.
const CHAT_HISTORY: [&str; 2] = ["fullchathistory", "relevantchathistory"];

/// Bytes of the shortest of them.
const SHORTEST_HISTORY: usize = CHAT_HISTORY[0].len();

/// The members of an object.
type Members<'a> = Vec<(Cow<'a, str>, Node<'a>)>;

/// A value; what it was read from is not copied where it stands there as it is. The members of an object have
/// different names.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node<'a> {
    Null,
    Bool(bool),
    /// The token as it came.
    Number(&'a str),
    Text(Cow<'a, str>),
    List(Vec<Node<'a>>),
    Object(Members<'a>),
}

impl<'a> Node<'a> {
    /// Reads one JSON value whose grammar was checked; `None` if it is none after all.
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        Self::read_next(&mut Reader::new(text), 0, &mut { VALUES })
    }

    fn read_next(reader: &mut Reader<'a>, depth: usize, left: &mut usize) -> Option<Self> {
        let first = reader.peek()?;
        *left = left.saturating_sub(1);
        if matches!(first, b'[' | b'{') && depth >= DEPTH {
            reader.raw_value()?;
            return Some(Self::Null);
        }
        Some(match first {
            b'[' => Self::List(Self::read_list(reader, depth, left)?),
            b'{' => Self::Object(Self::read_object(reader, depth, left)?),
            b'"' => Self::from_text(unquoted(reader.raw_value()?)),
            _ => match reader.raw_value()? {
                "null" => Self::Null,
                "true" => Self::Bool(true),
                "false" => Self::Bool(false),
                number => Self::Number(number),
            },
        })
    }

    fn read_list(reader: &mut Reader<'a>, depth: usize, left: &mut usize) -> Option<Vec<Self>> {
        let mut elements = Vec::new();
        reader.enter(b'[')?;
        while !reader.leave(b']')? {
            if *left == 0 {
                reader.raw_value()?;
            } else {
                elements.push(Self::read_next(reader, depth + 1, left)?);
            }
            reader.comma();
        }
        Some(elements)
    }

    fn read_object(reader: &mut Reader<'a>, depth: usize, left: &mut usize) -> Option<Members<'a>> {
        let mut members = Vec::new();
        reader.enter(b'{')?;
        while !reader.leave(b'}')? {
            let name = unquoted(reader.raw_value()?);
            reader.colon()?;
            if *left == 0 || is_chat_history(&name) {
                reader.raw_value()?;
            } else {
                members.push((name, Self::read_next(reader, depth + 1, left)?));
            }
            reader.comma();
        }
        Some(last_of_each(members))
    }

    /// JSON inside a string may hold the chat history too, out of reach: it is not kept.
    fn from_text(text: Cow<'a, str>) -> Self {
        let start = text.trim_start();
        if start.starts_with(['{', '[', '"']) && is_about_chat_history(start) {
            Self::Null
        } else {
            Self::Text(text)
        }
    }

    /// The member of that name; `None` too if this is no object.
    pub(crate) fn member(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members
                .iter()
                .find(|(other, _)| other == name)
                .map(|(_, value)| value),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::List(_) => None,
        }
    }

    /// Gives the member of that name this value; does nothing if this is no object.
    pub(crate) fn set(&mut self, name: &str, value: Self) {
        if let Self::Object(members) = self {
            match members.iter_mut().find(|(other, _)| other == name) {
                Some((_, kept)) => *kept = value,
                None => members.push((name.to_owned().into(), value)),
            }
        }
    }

    /// Sorts the members of all objects by name.
    pub(crate) fn sort(&mut self) {
        match self {
            Self::Object(members) => {
                members.sort_by(|(one, _), (other, _)| one.cmp(other));
                members.iter_mut().for_each(|(_, value)| value.sort());
            }
            Self::List(elements) => elements.iter_mut().for_each(Self::sort),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) => {}
        }
    }

    /// Compact JSON that every reader accepts: a number that no double holds becomes a string.
    pub(crate) fn to_json(&self) -> String {
        let mut json = String::with_capacity(AN_ORDER);
        self.write(&mut json);
        // It is kept: an answer of many tiny orders must not take a thousand times its size.
        json.shrink_to_fit();
        json
    }

    fn write(&self, json: &mut String) {
        match self {
            Self::Null => json.push_str("null"),
            Self::Bool(true) => json.push_str("true"),
            Self::Bool(false) => json.push_str("false"),
            Self::Number(token) if is_holdable(token) => json.push_str(token),
            Self::Number(text) => write_text(json, text),
            Self::Text(text) => write_text(json, text),
            Self::List(elements) => {
                json.push('[');
                for (index, element) in elements.iter().enumerate() {
                    json.push_str(if index == 0 { "" } else { "," });
                    element.write(json);
                }
                json.push(']');
            }
            Self::Object(members) => {
                json.push('{');
                for (index, (name, value)) in members.iter().enumerate() {
                    json.push_str(if index == 0 { "" } else { "," });
                    write_text(json, name);
                    json.push(':');
                    value.write(json);
                }
                json.push('}');
            }
        }
    }
}

/// Of members with the same name only the last, as JavaScript reads them.
fn last_of_each(members: Members<'_>) -> Members<'_> {
    if members.len() <= FEW && are_different(&members) {
        return members;
    }
    let mut places = std::collections::HashMap::with_capacity(members.len());
    let mut kept: Members<'_> = Vec::with_capacity(members.len());
    for (name, value) in members {
        let place = *places.entry(name.clone()).or_insert(kept.len());
        match kept.get_mut(place) {
            Some((_, earlier)) => *earlier = value,
            None => kept.push((name, value)),
        }
    }
    kept
}

/// Whether no name stands twice.
fn are_different(members: &[(Cow<'_, str>, Node<'_>)]) -> bool {
    let mut signs = [0_u64; FEW];
    members.iter().enumerate().all(|(place, (name, _))| {
        let own = sign(name);
        let (earlier, rest) = signs.split_at_mut(place);
        if let Some(first) = rest.first_mut() {
            *first = own;
        }
        earlier
            .iter()
            .zip(members)
            .all(|(other, (other_name, _))| *other != own || other_name != name)
    })
}

/// Most names differ in it: their length and how they begin.
fn sign(name: &str) -> u64 {
    let length = name.len() as u64;
    name.bytes()
        .take(7)
        .fold(length, |sign, byte| sign << 8 | u64::from(byte))
}

/// Whether a member of that name holds chat history, in any spelling of its words.
fn is_chat_history(name: &str) -> bool {
    // No letter becomes more letters than it has bytes.
    if name.len() < SHORTEST_HISTORY {
        return false;
    }
    let plain = || {
        name.chars()
            .filter(|character| character.is_alphanumeric())
            .flat_map(char::to_lowercase)
    };
    CHAT_HISTORY
        .iter()
        .any(|history| plain().eq(history.chars()))
}

fn is_about_chat_history(text: &str) -> bool {
    let lower = text.to_lowercase().replace('_', "");
    CHAT_HISTORY.iter().any(|name| lower.contains(name))
}

/// Whether readers that hold numbers as doubles accept it; well inside the limit, where they
/// round differently.
fn is_holdable(token: &str) -> bool {
    token
        .parse::<f64>()
        .is_ok_and(|number| number.abs() < 1e300)
}

fn write_text(json: &mut String, text: &str) {
    json.push('"');
    let mut rest = text;
    let is_special = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
    // All bytes at once is many times faster than up to the first, and as a rule there is none.
    if !text.bytes().fold(false, |any, byte| any | is_special(byte)) {
        json.push_str(text);
        json.push('"');
        return;
    }
    while let Some(at) = rest.bytes().position(is_special) {
        // What is special is ASCII, so that texts are cut between characters.
        let (plain, from) = rest.split_at(at);
        let (special, after) = from.split_at(1);
        json.push_str(plain);
        match special {
            "\"" => json.push_str("\\\""),
            "\\" => json.push_str("\\\\"),
            "\n" => json.push_str("\\n"),
            "\r" => json.push_str("\\r"),
            "\t" => json.push_str("\\t"),
            control => {
                for byte in control.bytes() {
                    // Writing into a string cannot fail.
                    let _ = write!(json, "\\u{byte:04x}");
                }
            }
        }
        rest = after;
    }
    json.push_str(rest);
    json.push('"');
}
