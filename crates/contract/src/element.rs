//! One element of a list, read alone.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use crate::Id;
use crate::json::{checked, members};
use crate::node::Node;

/// An element with a readable `id`.
#[derive(Debug)]
pub(crate) struct Element<'a> {
    pub(crate) id: Id,
    /// Everything that came, less the chat history.
    pub(crate) node: Node<'a>,
}

impl<'a> Element<'a> {
    /// Reads the raw text of an element; the reason in words when there is no readable `id`.
    pub(crate) fn read(raw: &'a str) -> Result<Self, String> {
        Self::read_checked(checked(raw).ok_or("the element is not JSON")?)
    }

    /// As [`Element::read`], of text whose grammar is known to be right.
    pub(crate) fn read_checked(raw: &'a str) -> Result<Self, String> {
        if !raw.starts_with('{') {
            return Err("the element is not an object".to_owned());
        }
        let mut node = Node::read(raw).ok_or("the element is not JSON")?;
        let id = match node.member("id") {
            Some(Node::Number(token)) => Id::from_token(token),
            // In its token stands what it says.
            Some(Node::Text(Cow::Borrowed(text))) => Id::from_token(&format!("\"{text}\"")),
            _ => {
                let members = members(raw).ok_or("the element is not an object")?;
                let ids = members.iter().rev().find(|(name, _)| name == "id");
                let (_, token) = ids.ok_or("the element has no id")?;
                Id::from_token(token)
            }
        };
        let id = id.ok_or("the id is neither a text nor a number")?;
        if !matches!(node.member("id"), Some(Node::Number(_))) {
            // The same as it is, unless it holds half a surrogate, looks like a chat or stands behind too
            // much else: what is kept has to lead to the same key when it is read again.
            node.set("id", Node::Text(id.key().to_owned().into()));
        }
        Ok(Self { id, node })
    }
}

/// The text of an element without a readable `id`, less the chat history; `None` for text in
/// which it cannot be found.
pub(crate) fn kept_text(raw: &str) -> Option<String> {
    let node = Node::read(checked(raw)?)?;
    // A bare text may be anything, cut-off JSON with chat history in it included.
    (!matches!(node, Node::Text(_))).then(|| node.to_json())
}

/// SHA-256 in hex.
pub(crate) fn sha256(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let halves = digest.iter().flat_map(|byte| [byte >> 4, byte & 0xF]);
    halves
        .filter_map(|half| char::from_digit(half.into(), 16))
        .collect()
}
