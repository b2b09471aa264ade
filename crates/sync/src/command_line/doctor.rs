//! `doctor`: the checks as lines, each as soon as it is known.

use std::pin::pin;
use std::sync::Arc;

use campana_sync::address::{Address, AddressError};
use campana_sync::catalogue::{Argument, Catalogue};
use campana_sync::clock::SystemClock;
use campana_sync::configuration::ProfileChoice;
use campana_sync::doctor::{
    Check, Doctor, Fault, Finding, FoundKey, KeyPlace, NoKey, Outcome, Subject,
};
use campana_sync::http::{HttpClient, Limits};
use campana_sync::key_store::{KeyStore, SystemKeyring, key_from_environment};
use campana_sync::link::SocketIoConnector;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::arguments::Server;
use super::failure::Failure;
use super::inbox::data_folder;
use super::output::Output;
use super::watch::{certificate_authority, in_the_clear, named, saved};

/// Carries out the checks; what failed, or was remarkable, is a failure of the command.
pub(super) fn run(server: &Server, as_json: bool, output: &Output) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Storage(error.to_string()))?;
    let done = runtime.block_on(examine(server, as_json, output));
    // Neither a keyring that asks for its password nor a disk that does not answer keeps the program.
    runtime.shutdown_background();
    done
}

async fn examine(server: &Server, as_json: bool, output: &Output) -> Result<(), Failure> {
    let (address, profile) = chosen(server)?;
    if let Ok(address) = &address
        && in_the_clear(address)?
    {
        // The checks would send the key as well.
        return Err(Failure::PlainHttp);
    }
    let certificate_authority = certificate_authority(server)?;
    let source = address.as_ref().map(Address::source).unwrap_or_default();
    let subject = Subject {
        address,
        key: Box::pin(find_key(source)),
        profile,
        certificate_authority,
        data: data_folder(server.data_dir.clone())?,
    };
    let unreachable =
        |error: campana_sync::http::HttpFailure| Failure::Unreachable(Some(error.to_string()));
    let doctor = Doctor::new(
        Arc::new(HttpClient::new(Limits::default()).map_err(unreachable)?),
        Arc::new(SocketIoConnector::default()),
        Arc::new(SystemClock::new()),
    )
    .map_err(unreachable)?;

    let (sender, mut findings) = mpsc::unbounded_channel();
    let mut examining = pin!(doctor.examine(subject, move |finding| {
        // Nobody listens any more: the command is ending.
        let _ = sender.send(finding);
    }));
    let mut is_over = false;
    let mut tally = Tally::default();
    loop {
        tokio::select! {
            () = &mut examining, if !is_over => is_over = true,
            finding = findings.recv() => match finding {
                None => break,
                Some(finding) => {
                    output.line(&line(&finding, as_json, output.catalogue()))?;
                    tally.note(&finding);
                }
            },
        }
    }
    tally.verdict()?;
    if !as_json {
        output.say("doctor-all-well", &[])?;
    }
    Ok(())
}

/// The address and the profile as they were given; that there is no address is a finding as well.
fn chosen(server: &Server) -> Result<(Result<Address, AddressError>, ProfileChoice), Failure> {
    let (address, profile) = match named(server) {
        Some(typed) => (Some(typed), ProfileChoice::Auto),
        None => saved(|settings, _| (settings.address, settings.profile))?,
    };
    let address = Address::parse(&address.unwrap_or_default());
    Ok((address, server.profile.unwrap_or(profile)))
}

async fn find_key(source: String) -> Result<FoundKey, NoKey> {
    if let Some(key) = key_from_environment() {
        let place = KeyPlace::Environment;
        return Ok(FoundKey { key, place });
    }
    match SystemKeyring::default().get(&source).await {
        Ok(Some(key)) => Ok(FoundKey {
            key,
            place: KeyPlace::Keyring,
        }),
        Ok(None) => Err(NoKey::Missing),
        Err(error) => Err(NoKey::Keyring(error)),
    }
}

/// What all lines together say.
#[derive(Default)]
struct Tally {
    warnings: usize,
    failures: usize,
    first: Option<Fault>,
}

impl Tally {
    fn note(&mut self, finding: &Finding) {
        self.warnings += usize::from(finding.outcome == Outcome::Warning);
        self.failures += usize::from(finding.outcome == Outcome::Failed);
        self.first = self.first.or_else(|| finding.fault());
    }

    fn verdict(&self) -> Result<(), Failure> {
        match self.first {
            Some(fault) => Err(Failure::Ailing(fault, self.failures)),
            None if self.warnings > 0 => Err(Failure::Warnings(self.warnings)),
            None => Ok(()),
        }
    }
}

/// What was tried, what came, and what to do about it.
struct Words {
    tried: String,
    came: String,
    advice: Option<String>,
}

impl Words {
    fn of(finding: &Finding, catalogue: &Catalogue) -> Self {
        let key = |check: Check| format!("doctor-{}", dashed(&json!(check)));
        let tried = catalogue.text(&key(finding.check));
        if let Some(because) = finding.because {
            let because = catalogue.text(&key(because));
            let arguments = [("check", Argument::Text(&because))];
            return Self {
                tried,
                came: catalogue.text_with("doctor-skipped", &arguments),
                advice: None,
            };
        }
        let came = format!("{}-{}", key(finding.check), dashed(&json!(finding.code)));
        let advice = match finding.outcome {
            Outcome::Warning | Outcome::Failed => Some(catalogue.text(&format!("{came}-do"))),
            Outcome::Ok | Outcome::Skipped => None,
        };
        Self {
            tried,
            came: catalogue.text(&came),
            advice,
        }
    }
}

fn line(finding: &Finding, as_json: bool, catalogue: &Catalogue) -> String {
    let words = Words::of(finding, catalogue);
    if as_json {
        return json_for(finding, &words).to_string();
    }
    let outcome =
        |outcome: Outcome| catalogue.text(&format!("doctor-outcome-{}", dashed(&json!(outcome))));
    let all = [
        Outcome::Ok,
        Outcome::Warning,
        Outcome::Failed,
        Outcome::Skipped,
    ];
    let width = all.map(|each| outcome(each).chars().count());
    let width = width.into_iter().max().unwrap_or_default();
    let mut line = format!(
        "{:<width$}  {}: {}",
        outcome(finding.outcome),
        words.tried,
        words.came
    );
    if let Some(advice) = &words.advice {
        line = format!("{line} {advice}");
    }
    if let Some(detail) = &finding.detail {
        line = format!("{line} ({detail})");
    }
    line
}

fn json_for(finding: &Finding, words: &Words) -> Value {
    json!({
        "event": "check",
        "check": finding.check,
        "outcome": finding.outcome,
        "code": finding.code,
        "because": finding.because,
        "tried": words.tried,
        "came": words.came,
        "advice": words.advice,
        "detail": finding.detail,
        "milliseconds": u64::try_from(finding.took.as_millis()).unwrap_or(u64::MAX),
    })
}

fn dashed(code: &Value) -> String {
    code.as_str().unwrap_or_default().replace('_', "-")
}
