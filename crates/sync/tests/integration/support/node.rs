//! The official Socket.IO server, as a child process.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::{DEADLINE, KEY};

/// A server; killed when dropped.
pub struct Node {
    child: Child,
    pub url: String,
}

fn folder() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    assert!(
        tests.join("node_modules/socket.io").is_dir(),
        "the npm packages of the test server are missing: run `npm ci` in the folder `tests`"
    );
    tests
}

impl Node {
    /// The test backend (`tests/node-backend`), with more arguments than the key.
    pub async fn backend(arguments: &[&str]) -> Self {
        let mut command = Command::new("node");
        command.args(["node-backend/main.mjs", "--port", "0", "--key", KEY]);
        command.args(arguments);
        Self::start(command).await
    }

    /// A Socket.IO server `io` on a free port, with the given statements of JavaScript.
    pub async fn script(statements: &str) -> Self {
        Self::serve("http", "127.0.0.1", "{}", statements).await
    }

    /// The same over TLS, at `localhost`, with the certificate and key in this PEM file.
    pub async fn secure_script(pem: &Path, statements: &str) -> Self {
        let pem = Value::from(pem.to_str().unwrap());
        let options = format!(
            r#"(({{ readFileSync }}) => ({{ cert: readFileSync({pem}), key: readFileSync({pem}) }}))(await import("node:fs"))"#
        );
        Self::serve("https", "localhost", &options, statements).await
    }

    async fn serve(scheme: &str, host: &str, options: &str, statements: &str) -> Self {
        let script = format!(
            r#"import {{ createServer }} from "node:{scheme}";
            import {{ Server }} from "socket.io";
            const http = createServer({options});
            const io = new Server(http);
            {statements}
            http.listen(0, "127.0.0.1", () => console.log(`listening on {scheme}://{host}:${{http.address().port}}`));"#
        );
        let mut command = Command::new("node");
        command.args(["--input-type=module", "--eval", &script]);
        Self::start(command).await
    }

    async fn start(mut command: Command) -> Self {
        let mut child = command
            .current_dir(folder())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("Node must be installed (20 or later)");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = timeout(DEADLINE, lines.next_line())
            .await
            .expect("the server did not start in time")
            .unwrap()
            .expect("the server ended at once");
        let url = first
            .strip_prefix("listening on ")
            .unwrap_or_else(|| panic!("the server said {first:?}"))
            .to_owned();
        // Read on, so that a full pipe never stops the server.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self { child, url }
    }

    /// `POST /control/<name>`.
    pub async fn control(&self, name: &str, body: Value) -> Value {
        self.request("POST", name, &body.to_string()).await
    }

    /// `GET /control/state`.
    pub async fn state(&self) -> Value {
        self.request("GET", "state", "").await
    }

    async fn request(&self, method: &str, name: &str, body: &str) -> Value {
        let host = self.url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).await.unwrap();
        let request = format!(
            "{method} /control/{name} HTTP/1.0\r\nHost: {host}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        timeout(DEADLINE, stream.read_to_string(&mut answer))
            .await
            .expect("the server did not answer")
            .unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(" 200 "), "{answer}");
        serde_json::from_str(body).unwrap()
    }

    /// Sends the process a signal by its name.
    pub async fn signal(&self, name: &str) {
        let process = self.child.id().expect("the server runs").to_string();
        let sent = Command::new("kill")
            .args(["-s", name, &process])
            .status()
            .await
            .unwrap();
        assert!(sent.success());
    }

    /// Cuts every connection without a word.
    pub async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }
}
