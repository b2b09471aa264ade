//! Name, port, encryption.

use std::io::ErrorKind;

use super::support::*;
use super::*;
use crate::http::{LookFailure, TlsProblem};

/// The check that failed and its code; everything after it was skipped because of it.
async fn stops(scene: Scene) -> (Check, Code, Option<Fault>) {
    let findings = scene.examine().await;
    let place = findings.iter().position(|f| f.outcome == Outcome::Failed);
    let (failed, after) = findings[place.unwrap()..].split_first().unwrap();
    for finding in after {
        assert_eq!((finding.outcome, finding.code), (Outcome::Skipped, Skipped));
        assert_eq!(finding.because, Some(failed.check));
    }
    (failed.check, failed.code, failed.fault())
}

#[tokio::test(start_paused = true)]
async fn an_address_that_is_none_stops_all_but_the_disk() {
    for (text, code) in [
        ("", Empty),
        ("no es una dirección", NotAUrl),
        ("ftp://tienda.mx", Scheme),
        ("https://ana:secreta@tienda.mx", Credentials),
    ] {
        let mut scene = Scene::good();
        scene.address = text;
        let findings = scene.examine().await;
        assert_eq!(
            (findings[0].code, findings[0].fault()),
            (code, Some(Fault::Usage))
        );
        for finding in &findings[1..] {
            let expected = if finding.check == Check::Disk {
                None
            } else {
                Some(Check::Address)
            };
            assert_eq!(finding.because, expected, "{finding:?}");
        }
        assert!(!format!("{findings:?}").contains("secreta"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_name_that_leads_nowhere_stops_what_comes_after() {
    let unreachable = Some(Fault::Unreachable);
    for (resolved, has_network, code) in [
        (Some(Err(ErrorKind::Other.into())), true, NotFound),
        (Some(Err(ErrorKind::Other.into())), false, NoNetwork),
        (None, true, TimedOut),
    ] {
        let mut scene = Scene::good();
        (scene.resolved, scene.has_network) = (resolved, has_network);
        assert_eq!(stops(scene).await, (Check::Name, code, unreachable));
    }
}

#[tokio::test(start_paused = true)]
async fn a_numeric_address_needs_no_name() {
    let mut scene = Scene::good();
    scene.address = "https://203.0.113.5";
    let finding = scene.finding(Check::Name).await;
    assert_eq!((finding.code, finding.outcome), (Literal, Outcome::Ok));
}

#[tokio::test(start_paused = true)]
async fn a_port_says_how_it_is_closed() {
    let unreachable = Some(Fault::Unreachable);
    for (port, has_network, code) in [
        (Some(ErrorKind::ConnectionRefused), true, Refused),
        (Some(ErrorKind::HostUnreachable), true, Code::Unreachable),
        (Some(ErrorKind::NetworkUnreachable), false, NoNetwork),
        // A shop's own network need not lead anywhere else.
        (Some(ErrorKind::ConnectionRefused), false, Refused),
        (None, true, TimedOut),
    ] {
        let mut scene = Scene::good();
        (scene.open_ports, scene.ports) = (Vec::new(), vec![port]);
        scene.has_network = has_network;
        assert_eq!(stops(scene).await, (Check::Port, code, unreachable));
    }
}

#[tokio::test(start_paused = true)]
async fn the_second_address_of_a_name_will_do() {
    let mut scene = Scene::good();
    let second = at("203.0.113.6:443");
    scene.resolved = Some(Ok(vec![at("[2001:db8::1]:443"), second]));
    scene.ports = vec![None];
    scene.open_ports = vec![second];
    let finding = scene.finding(Check::Port).await;
    assert_eq!(finding.code, Open);
    assert_eq!(finding.detail.as_deref(), Some("203.0.113.6:443"));
}

#[tokio::test(start_paused = true)]
async fn behind_a_proxy_it_is_the_proxy_that_must_answer() {
    let proxied = || {
        let mut scene = Scene::good();
        scene.proxy = Some("proxy.tienda.lan:3128".into());
        scene
    };
    let findings = proxied().examine().await;
    let codes: Vec<_> = findings[3..5].iter().map(|f| f.code).collect();
    assert_eq!(codes, [ViaProxy, ViaProxy]);
    let mut scene = proxied();
    (scene.open_ports, scene.ports) = (Vec::new(), vec![Some(ErrorKind::ConnectionRefused)]);
    assert_eq!(stops(scene).await.1, ProxyClosed);
}

#[tokio::test(start_paused = true)]
async fn what_is_wrong_with_a_certificate_is_told_apart() {
    for (problem, code) in [
        (TlsProblem::UnknownAuthority, UnknownAuthority),
        (TlsProblem::WrongName, WrongName),
        (TlsProblem::Expired, Expired),
        (TlsProblem::NotYetValid, NotYetValid),
        (TlsProblem::Revoked, Revoked),
        (TlsProblem::InvalidCertificate, InvalidCertificate),
        (TlsProblem::NotTls, NotTls),
        (TlsProblem::TimedOut, TimedOut),
        (TlsProblem::Failed, Failed),
    ] {
        let mut scene = Scene::good();
        scene.look = Err(LookFailure::Tls(problem, "words".into()));
        let expected = (Check::Tls, code, Some(Fault::Unreachable));
        assert_eq!(stops(scene).await, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn that_nothing_is_encrypted_matters_only_outside_the_shop() {
    for (address, code, outcome) in [
        ("http://tienda.mx", NotEncrypted, Outcome::Warning),
        ("http://192.168.1.20:5000", Code::Local, Outcome::Ok),
    ] {
        let mut scene = Scene::good();
        scene.address = address;
        let finding = scene.finding(Check::Tls).await;
        assert_eq!((finding.code, finding.outcome), (code, outcome));
    }
}

#[tokio::test(start_paused = true)]
async fn an_own_authority_that_cannot_be_used_stops_it_whatever_the_scheme() {
    for address in ["https://tienda.mx", "http://tienda.mx"] {
        let mut scene = Scene::good();
        scene.address = address;
        let words = "own.pem: it holds no certificate in PEM".to_owned();
        scene.look = Err(LookFailure::CertificateAuthorityUnusable(words));
        let expected = (Check::Tls, AuthorityUnusable, Some(Fault::Usage));
        assert_eq!(stops(scene).await, expected);
    }
}
