//! Servers that fail, never end or lead astray.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use campana_shell::updates::{UpdateFailure, Updates as _, Way};
use futures_util::{StreamExt as _, stream};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use url::Url;

use super::publisher::{Computer, NEWER, Publisher, Server, package};

const WAIT: Duration = Duration::from_secs(30);

fn endless() -> Response {
    let chunk = Bytes::from_static(&[b' '; 16 * 1024]);
    let body = stream::repeat(chunk).map(Ok::<_, std::convert::Infallible>);
    Body::from_stream(body).into_response()
}

/// How the download of a package ends that this server gives.
async fn downloaded(answer: impl Fn() -> Response + Send + Sync + 'static) -> UpdateFailure {
    let (publisher, server) = (Publisher::new(), Server::start().await);
    let signature = publisher.sign(&package("0.2.0"), NEWER);
    server.announces(NEWER, &server.at("Campana.AppImage"), &signature);
    server.answers("/Campana.AppImage", answer);
    let computer = Computer::with(&publisher, &server);
    computer.updates.check().await.unwrap();
    let downloading = tokio::time::timeout(WAIT, computer.updates.download());
    let failure = downloading.await.unwrap().unwrap_err();
    assert!(computer.updates.install().await.is_err() && computer.is_as_before());
    failure
}

/// How looking ends with a list that this server gives.
async fn checked(
    answer: impl Fn() -> Response + Send + Sync + 'static,
) -> Result<Option<String>, UpdateFailure> {
    let (publisher, server) = (Publisher::new(), Server::start().await);
    server.answers("/latest.json", answer);
    let computer = Computer::with(&publisher, &server);
    let checking = tokio::time::timeout(WAIT, computer.updates.check());
    checking.await.unwrap()
}

/// An https server that sends every request on to this address.
async fn sends_on_to(to: Url) -> Url {
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let chain = vec![CertificateDer::from(certificate.der().to_vec())];
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                match stream.read_u8().await {
                    Ok(byte) => head.push(byte),
                    Err(_) => break,
                }
            }
            let answer = format!(
                "HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
            // The client may have hung up already.
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    Url::parse(&format!("https://localhost:{port}/Campana.AppImage")).unwrap()
}

#[tokio::test]
async fn a_package_that_breaks_off_is_told() {
    let failure = downloaded(|| {
        let length = [(header::CONTENT_LENGTH, "5000")];
        let begun = stream::iter([
            Ok(Bytes::from_static(b"\x7fELF")),
            Err(std::io::Error::other("the server dies")),
        ]);
        (length, Body::from_stream(begun)).into_response()
    });
    let failure = failure.await;
    assert!(matches!(failure, UpdateFailure::BrokenOff(_)), "{failure}");
}

#[tokio::test]
async fn a_package_that_never_ends_is_given_up_at_its_bound() {
    let failure = downloaded(endless).await;
    assert_eq!(failure, UpdateFailure::TooLarge(1024 * 1024));
}

#[tokio::test]
async fn a_package_that_comes_to_a_stand_is_given_up() {
    let failure = downloaded(|| {
        let begun = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"\x7fELF"))]);
        Body::from_stream(begun.chain(stream::pending())).into_response()
    });
    let failure = failure.await;
    assert!(matches!(failure, UpdateFailure::BrokenOff(_)), "{failure}");
}

#[tokio::test]
async fn a_server_that_has_no_package_is_told() {
    for status in [StatusCode::NOT_FOUND, StatusCode::INTERNAL_SERVER_ERROR] {
        let failure = downloaded(move || status.into_response()).await;
        assert!(matches!(failure, UpdateFailure::Answer(_)), "{failure}");
    }
}

#[tokio::test]
async fn a_list_that_is_none_is_told() {
    let wrong: [fn() -> Response; 5] = [
        || StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        || StatusCode::NOT_FOUND.into_response(),
        || "<html>Inicie sesión</html>".into_response(),
        || r#"{ "version": "the newest", "platforms": {} }"#.into_response(),
        || r#"{ "name": "Campana" }"#.into_response(),
    ];
    for answer in wrong {
        let failure = checked(answer).await.unwrap_err();
        assert!(matches!(failure, UpdateFailure::Answer(_)), "{failure}");
    }
    let nothing = checked(|| StatusCode::NO_CONTENT.into_response()).await;
    assert_eq!(nothing, Ok(None));
}

#[tokio::test]
async fn a_list_that_never_ends_is_given_up_at_its_bound() {
    let failure = checked(endless).await.unwrap_err();
    assert!(matches!(failure, UpdateFailure::Answer(_)), "{failure}");
}

#[tokio::test]
async fn a_list_without_this_computer_is_told() {
    let failure = checked(|| {
        r#"{ "version": "0.2.0", "platforms": { "solaris-sparc": { "url": "https://tienda.mx/a", "signature": "" } } }"#
            .into_response()
    });
    let failure = failure.await.unwrap_err();
    assert!(matches!(failure, UpdateFailure::NothingForThisComputer(_)));
}

#[tokio::test]
async fn a_package_by_plain_http_is_not_asked_for() {
    let (publisher, server) = (Publisher::new(), Server::start().await);
    let signature = publisher.sign(&package("0.2.0"), NEWER);
    let elsewhere = Url::parse("http://tienda.mx/Campana.AppImage").unwrap();
    server.announces(NEWER, &elsewhere, &signature);
    let computer = Computer::with(&publisher, &server);
    let failure = computer.updates.check().await.unwrap_err();
    assert!(matches!(failure, UpdateFailure::NotSecure(_)), "{failure}");
    assert!(computer.updates.download().await.is_err());
}

#[tokio::test]
async fn a_package_is_not_followed_from_https_to_http() {
    let (publisher, server) = (Publisher::new(), Server::start().await);
    let new = package("0.2.0");
    let signature = publisher.sign(&new, NEWER);
    server.publishes(NEWER, &new, &signature);
    let by_https = sends_on_to(server.at("Campana.AppImage")).await;
    server.announces(NEWER, &by_https, &signature);
    let mut computer = Computer::with(&publisher, &server);
    computer.updates.trusts_any_certificate = true;
    computer.updates.check().await.unwrap();
    let failure = computer.updates.download().await.unwrap_err();
    assert!(matches!(failure, UpdateFailure::NotSecure(_)), "{failure}");
    let packages = server.asked();
    assert!(!packages.iter().any(|head| head.starts_with("/campana")));

    computer.updates.trusts_any_certificate = false;
    computer.updates.check().await.unwrap();
    let failure = computer.updates.download().await.unwrap_err();
    assert!(
        matches!(failure, UpdateFailure::Unreachable(_)),
        "{failure}"
    );
}

#[tokio::test]
async fn the_next_address_is_asked_where_the_first_fails() {
    let (publisher, server) = (Publisher::new(), Server::start().await);
    let new = package("0.2.0");
    server.publishes(NEWER, &new, &publisher.sign(&new, NEWER));
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gone = format!("http://{}/latest.json", nobody.local_addr().unwrap());
    drop(nobody);
    let gone = Url::parse(&gone).unwrap();
    let addresses = vec![gone.clone(), server.at("latest.json")];
    let computer = Computer::asking(&publisher, addresses, Way::InPlace);
    let found = computer.updates.check().await.unwrap();
    assert_eq!(found.as_deref(), Some(NEWER));
    let computer = Computer::asking(&publisher, vec![gone], Way::InPlace);
    let failure = computer.updates.check().await.unwrap_err();
    assert!(matches!(failure, UpdateFailure::Unreachable(_)));
}
