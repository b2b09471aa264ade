//! `campana-sync` as it is typed: exit codes, sentences, and what the inbox commands print.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use campana_contract::{ElementKind, Page, Timestamp};
use campana_sync::inbox::{Arrival, Inbox};
use serde_json::{Value, json};
use tempfile::TempDir;

const KEY: &str = "clave-que-no-se-ve-7f3a";
const SHOP: &str = "https://tienda.mx";
const PATIENCE: Duration = Duration::from_secs(30);

/// A computer with nothing on it: no keyring, no settings, no orders.
struct Computer(TempDir);

struct End {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Computer {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_campana-sync"));
        command
            .args(words)
            .env_clear()
            .env("HOME", self.0.path())
            .env("CAMPANA_DATA_DIR", self.data())
            .env("CAMPANA_CONFIG_DIR", self.0.path().join("config"))
            .env("CAMPANA_LANG", "es")
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
            .stdin(Stdio::null());
        command
    }

    fn run(&self, words: &[&str]) -> End {
        ended(&mut self.command(words))
    }

    fn settings(&self, text: &str) {
        let folder = self.0.path().join("config");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("settings.toml"), text).unwrap();
    }

    /// Puts orders into the inbox, as a server's page would.
    fn receive(&self, orders: &[Value]) {
        let mut inbox = Inbox::open(&self.data()).unwrap();
        let page = json!({"pending_orders": orders, "updated_customers": []});
        let page = Page::parse(page.to_string().as_bytes()).unwrap();
        let arrival = Arrival {
            received_at: Timestamp(1_795_543_200_000),
            server_time: Some(Timestamp(1_795_543_200_000)),
        };
        let stored = inbox.store(SHOP, &page, arrival).unwrap();
        assert_eq!(stored.orders.len(), orders.len());
    }
}

fn ended(command: &mut Command) -> End {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    End {
        code: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

impl End {
    fn is(&self, code: i32, says: &str) {
        assert_eq!(self.code, Some(code), "{}{}", self.stdout, self.stderr);
        assert!(self.stderr.contains(says), "{says}: {}", self.stderr);
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
    }
}

fn order(id: &str, number: i64) -> Value {
    json!({
        "id": id, "shiftOrderNumber": number, "orderType": "DELIVERY", "orderStatus": "PENDING",
        "total": "120.50", "customer": {"firstName": "Ana\u{1b}[2J", "lastName": "Ruiz"},
        "createdAt": "2026-11-24T18:00:00.000Z", "updatedAt": "2026-11-24T18:00:00.000Z",
    })
}

/// An address where nobody listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// A process that ends with the test, also where the test fails.
struct Running(Child);

impl Running {
    fn terminate(&self) {
        let id = self.0.id().to_string();
        assert!(Command::new("kill").arg(&id).status().unwrap().success());
    }

    /// Waits until it has written about the 64 KiB that a pipe holds, and writes no more.
    #[cfg(target_os = "linux")]
    fn has_filled_its_pipe(&self) {
        let written = || {
            let told = std::fs::read_to_string(format!("/proc/{}/io", self.0.id())).unwrap();
            let line = told.lines().find_map(|line| line.strip_prefix("wchar: "));
            line.unwrap().parse::<u64>().unwrap()
        };
        let begun = Instant::now();
        let (mut last, mut unchanged) = (0, 0);
        while begun.elapsed() < PATIENCE {
            let now = written();
            unchanged = if now == last { unchanged + 1 } else { 0 };
            if now > 60_000 && unchanged >= 10 {
                return;
            }
            last = now;
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("it never filled the pipe: {last} bytes");
    }

    fn code(&mut self) -> Option<i32> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("it does not end");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn wrong_usage_ends_with_2_and_a_sentence_in_the_language() {
    let computer = Computer::new();
    let cases: [(&[&str], &str, &str); 7] = [
        (&["dance"], "«dance» no se reconoce", "“dance” is not known"),
        (
            &["watch", "--loud"],
            "«--loud» no se reconoce",
            "“--loud” is not known",
        ),
        (
            &["watch", "--confirm", "maybe"],
            "«maybe» no es un valor de --confirm",
            "It can be: on, off",
        ),
        (&["inbox", "seen"], "Falta", "is missing"),
        (
            &["inbox", "seen", "1", "--all"],
            "no se pueden usar juntos",
            "cannot be used together",
        ),
        (
            &["pull", "--profile", "soap"],
            "«soap» no es un valor de --profile",
            "It can be: auto, guide, unified, unified-legacy",
        ),
        (&["pull"], "Falta la dirección", "address is missing"),
    ];
    for (words, spanish, english) in cases {
        computer.run(words).is(2, spanish);
        ended(computer.command(words).env("CAMPANA_LANG", "en")).is(2, english);
    }
}

#[test]
fn help_is_no_error_and_speaks_the_language() {
    let computer = Computer::new();
    let help = computer.run(&["--help"]);
    assert_eq!(help.code, Some(0));
    assert!(help.stdout.contains("recibe, guarda y confirma"));
    assert_eq!(help.stderr, "");
    assert_eq!(computer.run(&["--version"]).code, Some(0));
}

#[test]
fn the_language_of_the_settings_comes_first() {
    let computer = Computer::new();
    computer.settings("version = 1\nlanguage = \"en\"\n");
    computer
        .run(&["pull"])
        .is(2, "The server's address is missing");
}

#[test]
fn an_address_that_is_none_ends_with_2() {
    let computer = Computer::new();
    for (address, says) in [
        ("no es una dirección", "no es válida"),
        ("ftp://tienda.mx", "http:// o https://"),
        ("https://ana:secreta@tienda.mx", "usuario ni contraseña"),
        ("", "Falta la dirección"),
    ] {
        for command in ["watch", "pull"] {
            let end = computer.run(&[command, &format!("--backend-url={address}")]);
            end.is(2, says);
            assert!(!end.stderr.contains("secreta"), "{}", end.stderr);
        }
    }
}

#[test]
fn an_address_that_goes_in_the_clear_is_used_only_where_the_settings_allow_it() {
    let computer = Computer::new();
    let far = "http://tienda.mx";
    for command in ["watch", "pull", "doctor"] {
        let end = computer.run(&[command, "--backend-url", far]);
        end.is(2, "no va cifrada");
    }
    let mut named = computer.command(&["pull"]);
    ended(named.env("CAMPANA_BACKEND_URL", far)).is(2, "no va cifrada");
    computer.settings(&format!("version = 1\naddress = \"{far}\"\n"));
    computer.run(&["pull"]).is(2, "no va cifrada");
    // Allowed, it comes as far as the key.
    computer.settings(&format!(
        "version = 1\naddress = \"{far}\"\nplain_http_allowed = \"{far}\"\n"
    ));
    computer.run(&["pull"]).is(3, "Falta la clave");
    let other = computer.run(&["pull", "--backend-url", "http://otra.mx"]);
    other.is(2, "no va cifrada");
}

#[test]
fn the_argument_goes_before_the_environment_and_that_before_the_settings() {
    let computer = Computer::new();
    let bad = "ftp://a.mx";
    computer.settings(&format!("version = 1\naddress = \"{bad}\"\n"));
    computer.run(&["pull"]).is(2, "http:// o https://");
    let mut empty = computer.command(&["pull"]);
    ended(empty.env("CAMPANA_BACKEND_URL", "")).is(2, "http:// o https://");
    // A good address comes as far as the key.
    let mut named = computer.command(&["pull"]);
    ended(named.env("CAMPANA_BACKEND_URL", SHOP)).is(3, "Falta la clave");
    let mut typed = computer.command(&["pull", "--backend-url", SHOP]);
    ended(typed.env("CAMPANA_BACKEND_URL", bad)).is(3, "Falta la clave");
}

#[test]
fn damaged_settings_are_told_of_and_left_to_the_app() {
    let computer = Computer::new();
    computer.settings("address = [");
    computer
        .run(&["pull"])
        .is(6, "No se pueden leer los ajustes");
    computer
        .run(&["pull", "--backend-url", SHOP])
        .is(3, "Falta la clave");
    assert!(computer.0.path().join("config/settings.toml").exists());
}

#[test]
fn a_missing_key_ends_with_3_and_is_a_status_for_programs() {
    let computer = Computer::new();
    let end = computer.run(&["watch", "--json", "--backend-url", SHOP]);
    end.is(3, "Falta la clave de acceso");
    let line: Value = serde_json::from_str(end.stdout.trim()).unwrap();
    assert_eq!(
        (&line["event"], &line["status"]),
        (&json!("status"), &json!("key_missing"))
    );
    let mut blank = computer.command(&["pull", "--backend-url", SHOP]);
    ended(blank.env("CAMPANA_API_KEY", "  ")).is(3, "Falta la clave de acceso");
}

#[test]
fn nobody_at_the_address_ends_with_4_and_the_key_is_nowhere() {
    let computer = Computer::new();
    let mut command = computer.command(&["pull", "--backend-url", &nobody()]);
    let end = ended(
        command
            .env("CAMPANA_API_KEY", KEY)
            .env("CAMPANA_LOG", "trace"),
    );
    end.is(4, "El servidor no responde");
    assert!(!end.stderr.contains(KEY) && !end.stdout.contains(KEY));
}

#[test]
fn a_data_folder_that_cannot_be_ends_with_6() {
    let computer = Computer::new();
    let file = computer.0.path().join("a-file");
    std::fs::write(&file, "").unwrap();
    let inside = file.join("inbox").display().to_string();
    for command in ["watch", "pull"] {
        let words = [command, "--backend-url", SHOP, "--data-dir", &inside];
        ended(computer.command(&words).env("CAMPANA_API_KEY", KEY)).is(6, "No se pueden guardar");
    }
}

#[test]
fn an_inbox_that_is_not_there_ends_with_6_and_is_not_made() {
    let computer = Computer::new();
    for words in [
        &["inbox", "list"][..],
        &["inbox", "set-aside"],
        &["inbox", "check"],
        &["inbox", "seen", "--all"],
    ] {
        computer.run(words).is(6, "todavía no se ha guardado");
    }
    assert!(!computer.data().exists());
}

#[test]
fn the_inbox_is_listed_for_people_and_for_programs() {
    let computer = Computer::new();
    computer.receive(&[order("a-1", 7), order("a-2", 8)]);
    let people = computer.run(&["inbox", "list"]);
    people.is(0, "");
    assert_eq!(people.stdout.lines().count(), 2);
    let line = people.stdout.lines().find(|line| line.ends_with("a-1"));
    for part in ["  7 ", "A domicilio", "Ruiz", "120.50", "sin ver"] {
        assert!(line.unwrap().contains(part), "{part}: {}", people.stdout);
    }
    assert!(!people.stdout.contains('\u{1b}'), "a terminal would obey");

    let folder = computer.data().display().to_string();
    let mut elsewhere = computer.command(&["inbox", "list", "--json", "--data-dir", &folder]);
    let programs = ended(elsewhere.env_remove("CAMPANA_DATA_DIR"));
    let lines: Vec<Value> = programs
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let mut ids: Vec<_> = lines
        .iter()
        .map(|line| line["id"].as_str().unwrap())
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, ["a-1", "a-2"]);
    assert!(
        lines
            .iter()
            .all(|line| line["state"] == "ringing" && line["source"] == SHOP)
    );
    assert!(lines.iter().all(|line| line["confirmed_at"].is_null()));
}

#[test]
fn what_was_set_aside_is_listed_with_what_to_do() {
    let computer = Computer::new();
    computer.receive(&[order("a-1", 7)]);
    let nothing = computer.run(&["inbox", "set-aside"]);
    nothing.is(0, "");
    assert_eq!(nothing.stdout, "No hay nada apartado.\n");

    let mut inbox = Inbox::open(&computer.data()).unwrap();
    let at = Timestamp(1_795_543_200_000);
    inbox
        .confirmation_refused(SHOP, ElementKind::Order, "a-1", at)
        .unwrap();
    let page = Page::parse(br#"{"orders":[{"notes":"Ana"}]}"#).unwrap();
    let arrival = Arrival {
        received_at: at,
        server_time: None,
    };
    inbox.store(SHOP, &page, arrival).unwrap();
    drop(inbox);

    let people = computer.run(&["inbox", "set-aside"]);
    people.is(0, "");
    assert_eq!(people.stdout.lines().count(), 2);
    for part in [
        "El pedido a-1 está guardado",
        "Un pedido que no se pudo leer",
    ] {
        assert!(people.stdout.contains(part), "{part}: {}", people.stdout);
    }
    let programs = computer.run(&["inbox", "set-aside", "--json"]);
    let lines: Vec<Value> = programs
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let refused = lines
        .iter()
        .find(|line| line["reason"] == "not_confirmable")
        .unwrap();
    assert_eq!(
        refused,
        &json!({
            "source": SHOP, "kind": "order", "reason": "not_confirmable", "what": "a-1",
            "detail": null, "at": "2026-11-24T18:00:00Z",
        })
    );
    assert!(!programs.stdout.contains("Ana") && !people.stdout.contains("Ana"));
    let unreadable = |computer: &Computer| -> Value {
        let end = computer.run(&["inbox", "set-aside", "--json"]);
        let lines = end.stdout.lines().map(serde_json::from_str);
        let mut lines = lines.map(Result::<Value, _>::unwrap);
        lines.find(|line| line["reason"] == "unreadable").unwrap()
    };
    assert!(unreadable(&computer)["seen_at"].is_null());
    let seen = computer.run(&["inbox", "seen", "--all"]);
    assert_eq!(seen.stdout, "2 pedidos quedaron como vistos.\n");
    assert!(unreadable(&computer)["seen_at"].is_string());
}

#[test]
fn what_was_seen_is_quiet_and_the_rest_is_not() {
    let computer = Computer::new();
    computer.receive(&[order("a-1", 7), order("a-2", 8), order("a-3", 9)]);
    computer.run(&["inbox", "seen", "a-9"]).is(2, "a-9");
    let states = |computer: &Computer| {
        let end = computer.run(&["inbox", "list", "--json"]);
        let mut states: Vec<_> = end
            .stdout
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap())
            .map(|line| format!("{} {}", line["id"], line["state"]).replace('"', ""))
            .collect();
        states.sort();
        states
    };
    let one = computer.run(&["inbox", "seen", "a-2"]);
    one.is(0, "");
    assert!(one.stdout.contains("Un pedido quedó como visto"));
    assert_eq!(
        states(&computer),
        ["a-1 ringing", "a-2 seen", "a-3 ringing"]
    );
    computer.run(&["inbox", "seen", "a-2"]).is(0, "");
    let all = computer.run(&["inbox", "seen", "--all"]);
    assert!(all.stdout.contains("2 pedidos"), "{}", all.stdout);
    assert_eq!(states(&computer), ["a-1 seen", "a-2 seen", "a-3 seen"]);
    let check = computer.run(&["inbox", "check"]);
    check.is(0, "");
    assert!(check.stdout.contains("íntegros"));
}

/// `watch` towards nobody, with many orders that still ring: more lines than a pipe holds.
fn watch_with_much_to_say(computer: &Computer) -> Running {
    let orders: Vec<_> = (0..2_000).map(|n| order(&format!("a-{n:05}"), n)).collect();
    computer.receive(&orders);
    let mut command = computer.command(&["watch", "--json", "--backend-url", &nobody()]);
    command
        .env("CAMPANA_API_KEY", KEY)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    Running(command.spawn().unwrap())
}

#[test]
fn watch_tells_what_still_rings_then_the_status_and_ends_when_told() {
    let computer = Computer::new();
    let mut watch = watch_with_much_to_say(&computer);
    let lines = BufReader::new(watch.0.stdout.take().unwrap()).lines();
    let mut again = 0;
    for line in lines {
        let line: Value = serde_json::from_str(&line.unwrap()).unwrap();
        if line["event"] == "alert" {
            assert_eq!(line["again"], true);
            assert_eq!(line["kind"], "new_order");
            again += 1;
        }
        if line["status"] == "offline" {
            assert_eq!(line["cause"], "server_unreachable");
            watch.terminate();
            break;
        }
    }
    assert_eq!(again, 2_000);
    assert_eq!(watch.code(), Some(0), "unreachable is a status, not an end");
}

#[cfg(target_os = "linux")]
#[test]
fn watch_ends_when_told_although_nobody_reads() {
    let computer = Computer::new();
    let mut watch = watch_with_much_to_say(&computer);
    let unread = watch.0.stdout.take().unwrap();
    watch.has_filled_its_pipe();
    watch.terminate();
    assert_eq!(watch.code(), Some(0));
    drop(unread);
}

#[test]
fn watch_ends_quietly_when_the_reader_is_gone() {
    let computer = Computer::new();
    let mut watch = watch_with_much_to_say(&computer);
    let mut reader = BufReader::new(watch.0.stdout.take().unwrap());
    reader.read_line(&mut String::new()).unwrap();
    drop(reader);
    assert_eq!(watch.code(), Some(0));
}

#[test]
fn a_certificate_authority_that_cannot_be_used_is_wrong_usage_wherever_it_is_named() {
    let computer = Computer::new();
    let missing = computer.0.path().join("missing.pem");
    let typed = computer
        .command(&["pull", "--backend-url", SHOP, "--certificate-authority"])
        .arg(&missing)
        .env("CAMPANA_API_KEY", KEY)
        // What is typed goes before it.
        .env("CAMPANA_CERTIFICATE_AUTHORITY", "/other.pem")
        .output()
        .unwrap();
    let named = computer
        .command(&["watch", "--backend-url", SHOP])
        .env("CAMPANA_API_KEY", KEY)
        .env("CAMPANA_CERTIFICATE_AUTHORITY", &missing)
        .output()
        .unwrap();
    computer.settings("certificate_authority = \"../missing.pem\"\n");
    let saved = computer
        .command(&["pull", "--backend-url", SHOP])
        .env("CAMPANA_API_KEY", KEY)
        .output()
        .unwrap();
    for output in [typed, named, saved] {
        let words = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{words}");
        assert!(words.contains("autoridad de certificados"), "{words}");
        assert!(words.contains("missing.pem"), "{words}");
    }
}
