//! `watch` and `pull`: the driver, with its reports as lines.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use campana_contract::{ElementKind, Timestamp};
use campana_sync::address::Address;
use campana_sync::catalogue::Argument;
use campana_sync::certificate_authority::CertificateAuthority;
use campana_sync::clock::{Clock, SystemClock};
use campana_sync::configuration::{Configuration, Key, ProfileChoice, Receiver};
use campana_sync::driver::{self, Ended, Handle, Parts};
use campana_sync::http::{HttpClient, Limits};
use campana_sync::inbox::{Inbox, InboxError};
use campana_sync::key_store::{KeyStore, KeyStoreError, SystemKeyring, key_from_environment};
use campana_sync::link::SocketIoConnector;
use campana_sync::network;
use campana_sync::places::Places;
use campana_sync::report::Report;
use campana_sync::settings::Settings;
use campana_sync::shutdown_signal::shutdown_signal;
use campana_sync::status::{Cause, Status, StatusKind};
use campana_sync::verdict::{Surroundings, Verdict};
use secrecy::SecretString;
use tokio::sync::mpsc::UnboundedReceiver;

use super::arguments::{Server, Switch};
use super::failure::Failure;
use super::inbox::data_folder;
use super::lines::{json_for, sentence_for, status_sentence};
use super::output::Output;

/// A round that takes longer is given up by `pull`.
const PULL_AT_MOST: Duration = Duration::from_secs(60);

/// What is being written at the end has so long.
const END_WITHIN: Duration = Duration::from_secs(8);

/// As many reports are printed in one go: those of a page, and a little more.
const AT_ONCE: usize = 512;

/// How long to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Until {
    /// A signal, or nobody reading.
    Told,
    /// One round.
    Pulled,
}

/// Connects, pulls, stores and confirms, until told or for one round.
pub(super) fn run(
    server: &Server,
    until: Until,
    as_json: bool,
    output: &Output,
) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Storage(error.to_string()))?;
    let done = runtime.block_on(go(server, until, as_json, output));
    // Neither a keyring that still asks for its password nor a line that nobody reads keeps the program.
    runtime.shutdown_background();
    done
}

async fn go(server: &Server, until: Until, as_json: bool, output: &Output) -> Result<(), Failure> {
    let clock = Arc::new(SystemClock::new());
    let configuration = match configuration(server).await {
        Ok(configuration) => configuration,
        Err(failure) => {
            if as_json && let Some(status) = status_of(&failure, clock.now().wall) {
                print(&Report::Status(status), true, output).await?;
            }
            return Err(failure);
        }
    };
    let inbox = match Inbox::open_at_start(&data_folder(server.data_dir.clone())?) {
        Ok(inbox) => inbox,
        Err(error) => {
            let failure = Failure::Inbox(error);
            if as_json && let Some(status) = status_of(&failure, clock.now().wall) {
                print(&Report::Status(status), true, output).await?;
            }
            return Err(failure);
        }
    };
    let exchange = HttpClient::new(Limits::default())
        .map_err(|error| Failure::Unreachable(Some(error.to_string())))?;
    let parts = Parts {
        inbox,
        connector: Arc::new(SocketIoConnector::default()),
        exchange: Arc::new(exchange),
        clock,
    };
    let (handle, reports) = driver::start(parts, Some(configuration));
    let changing = handle.clone();
    let _watch = network::watch(move || changing.network_changed())
        .inspect_err(|reason| tracing::warn!(%reason, "a change of the network is not noticed"));
    let done = match until {
        Until::Told => {
            // Before the first line: whoever reads that may end the program at once.
            let told_to_end = shutdown_signal();
            tokio::select! {
                done = follow(&handle, reports, as_json, output) => done,
                () = told_to_end => Ok(()),
            }
        }
        Until::Pulled => tokio::time::timeout(PULL_AT_MOST, pull(reports, output))
            .await
            .unwrap_or(Err(Failure::Unreachable(None))),
    };
    end(handle).await;
    done
}

/// A disk that hangs does not keep the program.
async fn end(handle: Handle) {
    if tokio::time::timeout(END_WITHIN, handle.shut_down())
        .await
        .is_err()
    {
        tracing::warn!("the inbox does not close: the disk does not answer");
    }
}

/// Prints what the engine reports, until it ends.
async fn follow(
    handle: &Handle,
    reports: UnboundedReceiver<Report>,
    as_json: bool,
    output: &Output,
) -> Result<(), Failure> {
    tokio::select! {
        // The last reports are printed first.
        biased;
        done = watch(reports, as_json, output) => done,
        ended = handle.ended() => match ended {
            Ended::AsTold => Ok(()),
            Ended::Panicked => Err(Failure::EngineEnded),
        },
    }
}

async fn watch(
    mut reports: UnboundedReceiver<Report>,
    as_json: bool,
    output: &Output,
) -> Result<(), Failure> {
    let mut told = Told::default();
    let mut come = Vec::new();
    while reports.recv_many(&mut come, AT_ONCE).await > 0 {
        let mut lines = Vec::new();
        for report in come.drain(..) {
            for report in told.take(report) {
                lines.extend(line(&report, told.around, as_json, output));
            }
        }
        output.lines_when_read(&lines).await?;
    }
    Ok(())
}

/// The status that was printed, and what a next one depends on.
#[derive(Debug, Default)]
struct Told {
    around: Surroundings,
    latest: Option<Status>,
    printed: Option<(Verdict, StatusKind, Option<Cause>, bool)>,
}

impl Told {
    /// Takes a report in, and returns the reports to print: a status only when it differs from the one printed last,
    /// and once more when something else changes its verdict.
    fn take(&mut self, report: Report) -> Vec<Report> {
        if let Report::Status(status) = report {
            self.latest = Some(status);
            return self.status().into_iter().collect();
        }
        if let Report::Unreadable {
            kind: ElementKind::Order,
            ..
        } = &report
        {
            // Nobody marks it seen while this runs, as far as this program knows.
            self.around.unreadable = true;
        }
        [report].into_iter().chain(self.status()).collect()
    }

    /// The windows follow every next attempt; a line is worth a change of what is true.
    fn status(&mut self) -> Option<Report> {
        let status = self.latest.as_ref()?;
        let now = (
            Verdict::of(status, self.around),
            status.kind,
            status.cause,
            status.another_receiver,
        );
        (self.printed.replace(now) != Some(now)).then(|| Report::Status(status.clone()))
    }
}

fn line(report: &Report, around: Surroundings, as_json: bool, output: &Output) -> Option<String> {
    if as_json {
        json_for(report, around).map(|line| line.to_string())
    } else {
        sentence_for(report, around, output.catalogue())
    }
}

async fn print(report: &Report, as_json: bool, output: &Output) -> Result<(), Failure> {
    let line = line(report, Surroundings::default(), as_json, output);
    Ok(output.lines_when_read(line.as_slice()).await?)
}

async fn pull(mut reports: UnboundedReceiver<Report>, output: &Output) -> Result<(), Failure> {
    let number = |n: usize| Argument::Number(i64::try_from(n).unwrap_or(i64::MAX));
    let mut brought = 0;
    while let Some(report) = reports.recv().await {
        match report {
            Report::Round {
                new_orders,
                complete,
                ..
            } => {
                brought += new_orders;
                if complete {
                    output.say("cli-pulled", &[("number", number(brought))])?;
                    return Ok(());
                }
            }
            Report::Status(status) => match status.kind {
                StatusKind::Limited => {
                    output.say("cli-pulled", &[("number", number(brought))])?;
                    let around = Surroundings::default();
                    output.remark(&status_sentence(&status, around, output.catalogue()));
                    return Ok(());
                }
                StatusKind::KeyRefused => return Err(Failure::KeyRefused),
                StatusKind::KeyMissing => return Err(Failure::KeyMissing),
                StatusKind::Offline => return Err(offline(&status)),
                StatusKind::StorageFailed => {
                    return Err(match status.cause {
                        Some(Cause::DiskFull) => Failure::Inbox(InboxError::DiskFull),
                        _ => Failure::Storage(status.detail.unwrap_or_default()),
                    });
                }
                StatusKind::NotConfigured
                | StatusKind::Connecting
                | StatusKind::InSync
                | StatusKind::Syncing
                | StatusKind::PollingOnly => {}
            },
            Report::Order { .. }
            | Report::Alert { .. }
            | Report::Confirmed { .. }
            | Report::Unreadable { .. }
            | Report::ConfirmationRefused { .. }
            | Report::Hint { .. }
            | Report::Unstored(_) => {}
            Report::Damaged(_) => {
                let around = Surroundings::default();
                if let Some(text) = sentence_for(&report, around, output.catalogue()) {
                    output.remark(&text);
                }
            }
        }
    }
    Err(Failure::Unreachable(None))
}

fn offline(status: &Status) -> Failure {
    let detail = status.detail.clone();
    match status.cause {
        Some(Cause::NoNetwork | Cause::ServerUnreachable) | None => Failure::Unreachable(detail),
        Some(Cause::CertificateRefused) => Failure::CertificateRefused(detail),
        Some(Cause::CertificateAuthorityUnusable) => {
            Failure::CertificateAuthority(detail.unwrap_or_default())
        }
        Some(_) => Failure::ServerError(detail),
    }
}

async fn configuration(server: &Server) -> Result<Configuration, Failure> {
    let (address, receiver, profile) = match named(server) {
        // Whoever types an address asks for its orders.
        Some(typed) => (
            Address::parse(&typed),
            Some(Receiver::Campana),
            ProfileChoice::Auto,
        ),
        None => {
            let (address, receiver, profile) =
                saved(|settings, _| (settings.address, settings.receiver, settings.profile))?;
            let address = address.ok_or(Failure::NoAddress)?;
            (Address::parse(&address), receiver, profile)
        }
    };
    let address = address.map_err(Failure::Address)?;
    if in_the_clear(&address)? {
        return Err(Failure::PlainHttp);
    }
    let key = key(&address.source()).await?;
    Ok(Configuration {
        address,
        key: Key::Present(key),
        receiver: match server.confirm {
            Some(Switch::On) => Some(Receiver::Campana),
            Some(Switch::Off) => Some(Receiver::Till),
            None => receiver,
        },
        profile: server.profile.unwrap_or(profile),
        certificate_authority: checked_certificate_authority(server)?,
    })
}

/// Whether the settings do not allow that key and orders go to this address in the clear.
pub(super) fn in_the_clear(address: &Address) -> Result<bool, Failure> {
    if !address.goes_in_the_clear() {
        return Ok(false);
    }
    saved(|settings, _| settings.refuses(address))
}

/// The file that was typed, else the environment's, else the settings'; it must be good at the beginning.
fn checked_certificate_authority(server: &Server) -> Result<Option<CertificateAuthority>, Failure> {
    let authority = certificate_authority(server)?;
    if let Some(authority) = &authority {
        authority
            .read()
            .map_err(|error| Failure::CertificateAuthority(error.to_string()))?;
    }
    Ok(authority)
}

/// The file that was typed, else the environment's, else the settings'.
pub(super) fn certificate_authority(
    server: &Server,
) -> Result<Option<CertificateAuthority>, Failure> {
    let typed = server
        .certificate_authority
        .clone()
        .map(CertificateAuthority::in_file);
    match typed.or_else(CertificateAuthority::from_environment) {
        Some(authority) => Ok(Some(authority)),
        None => saved(|settings, folder| settings.certificate_authority(folder)),
    }
}

/// The address that was typed, else the environment's; an empty variable counts as none.
pub(super) fn named(server: &Server) -> Option<String> {
    server.backend_url.clone().or_else(|| {
        std::env::var("CAMPANA_BACKEND_URL")
            .ok()
            .filter(|address| !address.trim().is_empty())
    })
}

/// What the app's settings, which are in that folder, say.
pub(super) fn saved<T>(wanted: impl FnOnce(Settings, &Path) -> T) -> Result<T, Failure> {
    let Ok(places) = Places::of_this_user() else {
        return Ok(wanted(Settings::default(), Path::new("")));
    };
    Settings::read(&places.config)
        .map(|settings| wanted(settings, &places.config))
        .map_err(|error| Failure::Settings(error.to_string()))
}

async fn key(source: &str) -> Result<SecretString, Failure> {
    if let Some(key) = key_from_environment() {
        return Ok(key);
    }
    match SystemKeyring::default().get(source).await {
        Ok(Some(key)) => Ok(key),
        Ok(None) | Err(KeyStoreError::NoKeyring) => Err(Failure::KeyMissing),
        Err(error) => Err(Failure::Keyring(error)),
    }
}

/// The status that a program reading the lines expects before the end.
fn status_of(failure: &Failure, now: Timestamp) -> Option<Status> {
    let (kind, cause) = match failure {
        Failure::NoAddress => (StatusKind::NotConfigured, None),
        Failure::PlainHttp => (StatusKind::Offline, Some(Cause::AddressPlainHttp)),
        Failure::KeyMissing => (StatusKind::KeyMissing, None),
        Failure::Keyring(_) => (StatusKind::KeyMissing, Some(Cause::KeyringUnavailable)),
        // The other Campana tells of its own status.
        Failure::Inbox(InboxError::InUse(_)) => return None,
        Failure::Inbox(InboxError::DiskFull) => (StatusKind::StorageFailed, Some(Cause::DiskFull)),
        Failure::Inbox(_) => (StatusKind::StorageFailed, Some(Cause::InboxUnwritable)),
        Failure::Address(_)
        | Failure::Settings(_)
        | Failure::NoOrder(_)
        | Failure::KeyRefused
        | Failure::Unreachable(_)
        | Failure::CertificateRefused(_)
        | Failure::CertificateAuthority(_)
        | Failure::ServerError(_)
        | Failure::NoInbox(_)
        | Failure::Storage(_)
        | Failure::Unsound(_)
        | Failure::EngineEnded
        | Failure::Warnings(_)
        | Failure::Ailing(..)
        | Failure::Output(_) => return None,
    };
    Some(Status {
        cause,
        ..Status::new(kind, now)
    })
}

#[cfg(test)]
mod tests;
