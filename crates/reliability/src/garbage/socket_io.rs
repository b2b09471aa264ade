//! Garbage at the Socket.IO layer: the namespace, its packets, its events.

use super::{JOINED, OPENING, Polling, SocketGarbage, Step, text};

/// Every kind.
pub fn socket_io() -> Vec<SocketGarbage> {
    let mut kinds = Vec::new();
    kinds.extend(joining());
    kinds.extend(packets());
    kinds.extend(attachments());
    kinds.extend(events());
    kinds.extend(answers());
    kinds.extend(floods());
    kinds
}

/// The messages that come instead of the namespace's answer.
fn instead_of_joining(name: &'static str, messages: &[&str]) -> SocketGarbage {
    kind(name, &[], messages)
}

/// The messages that come after it.
fn after_joining(name: &'static str, messages: &[&str]) -> SocketGarbage {
    kind(name, &[JOINED], messages)
}

fn kind(name: &'static str, before: &[&str], messages: &[&str]) -> SocketGarbage {
    let mut bodies: Vec<Vec<u8>> = before.iter().map(|body| body.as_bytes().to_vec()).collect();
    if !messages.is_empty() {
        bodies.push(messages.join("\u{1e}").into_bytes());
    }
    let frames = before.iter().chain(messages).map(|message| text(message));
    SocketGarbage {
        name,
        instead_of_upgrade: None,
        steps: vec![
            Step::Bytes(text(OPENING)),
            Step::AwaitJoin,
            Step::Bytes(frames.collect::<Vec<_>>().concat()),
            Step::Hang,
        ],
        polling: Some(Polling {
            opening: OPENING.into(),
            bodies,
            ..Polling::default()
        }),
        looks_alive: false,
    }
}

fn joining() -> Vec<SocketGarbage> {
    let long = format!(r#"44/sync,{{"message":"{}"}}"#, "x".repeat(1_000_000));
    vec![
        instead_of_joining("no answer of the namespace", &[]),
        instead_of_joining(
            "the answer of another namespace",
            &[r#"40/otra,{"sid":"s"}"#],
        ),
        instead_of_joining("the answer of the root namespace", &[r#"40{"sid":"s"}"#]),
        instead_of_joining("an answer that is no JSON", &["40/sync,{sid"]),
        instead_of_joining(
            "an event instead of the answer",
            &[r#"42/sync,["changes:pending"]"#],
        ),
        instead_of_joining("a refusal without a reason", &["44/sync,"]),
        instead_of_joining("a refusal whose reason is a number", &["44/sync,5"]),
        instead_of_joining("a refusal with a reason of a megabyte", &[&long]),
        instead_of_joining(
            "a refusal for another namespace",
            &[r#"44/otra,{"message":"Invalid API key"}"#],
        ),
    ]
}

fn packets() -> Vec<SocketGarbage> {
    vec![
        after_joining("a packet of a type that does not exist", &["49/sync,[]"]),
        after_joining("a packet whose type is no digit", &["4é/sync,[]"]),
        after_joining("a namespace without its comma", &["42/sync"]),
        after_joining("thrown out of the namespace", &["41/sync,"]),
        after_joining("an answer to nothing", &["43/sync,7[]"]),
        after_joining(
            "a number beyond all numbers",
            &[r#"42/sync,99999999999999999999["x"]"#],
        ),
        after_joining(
            "a second answer of the namespace",
            &[r#"40/sync,{"sid":"otro"}"#],
        ),
        after_joining(
            "a refusal after joining",
            &[r#"44/sync,{"message":"otra cosa"}"#],
        ),
    ]
}

fn attachments() -> Vec<SocketGarbage> {
    const ONE: &str = r#"451-/sync,["x",{"_placeholder":true,"num":0}]"#;
    let mut reset = after_joining("an attachment that never comes, and a reset", &[ONE]);
    reset.steps.pop();
    reset.steps.push(Step::Reset);
    vec![
        reset,
        after_joining("an attachment that never comes", &[ONE]),
        after_joining("an attachment that is a ping", &[ONE, "2"]),
        after_joining("attachments beyond counting", &[r#"45300-/sync,["x"]"#]),
        after_joining("attachments whose number is none", &[r#"45x-/sync,["x"]"#]),
        after_joining(
            "a binary answer to nothing",
            &[r#"461-/sync,7["x"]"#, "bAAAA"],
        ),
        after_joining("an attachment of nothing", &["bAAAA"]),
    ]
}

fn events() -> Vec<SocketGarbage> {
    let deep = format!(
        r#"42/sync,["x",{}{}]"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let many = format!(r#"42/sync,["x"{}]"#, ",0".repeat(100_000));
    let long = format!(r#"42/sync,["{}",1]"#, "x".repeat(1_000_000));
    vec![
        after_joining("an event that is no JSON", &["42/sync,{"]),
        after_joining("an event without a name", &["42/sync,[]"]),
        after_joining(
            "an event that is no list",
            &[r#"42/sync,{"changes:pending":1}"#],
        ),
        after_joining("an event whose name is a number", &["42/sync,[5,6]"]),
        after_joining("an event whose name is nothing", &["42/sync,[null]"]),
        after_joining(
            "an event of another namespace",
            &[r#"42/otra,["changes:pending"]"#],
        ),
        after_joining(
            "an event named as the library's own",
            &[r#"42/sync,["error","x"]"#, r#"42/sync,["close",""]"#],
        ),
        after_joining("lists in lists, 100,000 deep", &[&deep]),
        after_joining("an event with 100,000 arguments", &[&many]),
        after_joining("an event with a name of a megabyte", &[&long]),
    ]
}

/// What looks like an answer to `sync:orders`, and is none that helps.
fn answers() -> Vec<SocketGarbage> {
    [
        (
            "orders:pending that is a text",
            r#"42/sync,["orders:pending","muchos"]"#,
        ),
        (
            "orders:pending with a count below nothing",
            r#"42/sync,["orders:pending",{"count":-5,"orders":{}}]"#,
        ),
        (
            "orders:pending with rows of nonsense",
            r#"42/sync,["orders:pending",{"count":1e999,"orders":[null,5,{"id":[]},{"id":"\ud83d"}]}]"#,
        ),
        (
            "orders:pending with an order that no pull brings",
            r#"42/sync,["orders:pending",{"count":1,"orders":[{"id":"no-existe","updatedAt":"2999-01-01T00:00:00Z"}]}]"#,
        ),
    ]
    .map(|(name, event)| SocketGarbage {
        looks_alive: true,
        ..after_joining(name, &[event])
    })
    .into()
}

fn floods() -> Vec<SocketGarbage> {
    let flood = |name, message: &str, times: usize| {
        let mut garbage = after_joining(name, &[]);
        garbage.polling = None;
        garbage.steps.pop();
        garbage
            .steps
            .push(Step::Repeat(text(message).repeat(100), times / 100));
        garbage.steps.push(Step::Hang);
        garbage
    };
    let giant = format!(r#"42/sync,["x","{}"]"#, "x".repeat(20 * 1024 * 1024));
    vec![
        flood(
            "a flood of 50,000 hints",
            r#"42/sync,["changes:pending"]"#,
            50_000,
        ),
        flood(
            "a flood of 50,000 events",
            r#"42/sync,["ruido",{"x":1}]"#,
            50_000,
        ),
        flood("a flood of 50,000 answers of the namespace", JOINED, 50_000),
        SocketGarbage {
            polling: None,
            ..after_joining("an event of 20 MiB", &[&giant])
        },
    ]
}
