//! What is installed, and what never is.

use axum::response::IntoResponse as _;
use campana_shell::updates::{UpdateFailure, Updates as _, Way};

use super::publisher::{Computer, NEWER, Publisher, Server, package};

/// Finds an update, and says how its download ended; nothing may be installed when it failed.
async fn download(computer: &Computer) -> Result<(), UpdateFailure> {
    let found = computer.updates.check().await.unwrap();
    assert_eq!(found.as_deref(), Some(NEWER));
    let downloaded = computer.updates.download().await;
    if downloaded.is_err() {
        let installed = computer.updates.install().await;
        assert!(matches!(installed, Err(UpdateFailure::NotInstalled(_))));
        assert!(computer.is_as_before());
    }
    downloaded
}

async fn refused(publisher: &Publisher, served: &[u8], signature: &str) -> String {
    let server = Server::start().await;
    server.publishes(NEWER, served, signature);
    match download(&Computer::with(publisher, &server)).await {
        Err(UpdateFailure::NotGenuine(words)) => words,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_genuine_newer_version_takes_the_place_of_the_present_one() {
    let (publisher, server) = (Publisher::new(), Server::start().await);
    let new = package("0.2.0");
    server.publishes(NEWER, &new, &publisher.sign(&new, NEWER));
    let computer = Computer::with(&publisher, &server);
    download(&computer).await.unwrap();
    assert!(computer.is_as_before(), "nobody wanted it yet");
    computer.updates.install().await.unwrap();
    assert_eq!(computer.installed(), (new, 0o750));
}

#[tokio::test]
async fn nothing_about_the_shop_goes_along() {
    let (publisher, server) = (Publisher::new(), Server::start().await);
    let new = package("0.2.0");
    server.publishes(NEWER, &new, &publisher.sign(&new, NEWER));
    download(&Computer::with(&publisher, &server))
        .await
        .unwrap();
    let asked = server.asked();
    assert_eq!(asked.len(), 2);
    for head in asked {
        for word in ["authorization", "api-key", "cookie", "referer", "?"] {
            assert!(!head.contains(word), "{head}");
        }
    }
}

#[tokio::test]
async fn a_package_that_was_changed_is_refused() {
    let publisher = Publisher::new();
    let signature = publisher.sign(&package("0.2.0"), NEWER);
    refused(&publisher, &package("0.2.1"), &signature).await;
    refused(&publisher, &package(""), &signature).await;
}

#[tokio::test]
async fn a_package_that_another_key_signed_is_refused() {
    let new = package("0.2.0");
    let signature = Publisher::new().sign(&new, NEWER);
    refused(&Publisher::new(), &new, &signature).await;
}

#[tokio::test]
async fn the_signature_of_another_file_is_refused() {
    let publisher = Publisher::new();
    let signature = publisher.sign(&package("the installer of Windows"), NEWER);
    refused(&publisher, &package("0.2.0"), &signature).await;
    refused(&publisher, &package("0.2.0"), "").await;
    refused(&publisher, &package("0.2.0"), "bm90IGEgc2lnbmF0dXJl").await;
}

#[tokio::test]
async fn an_old_genuine_package_that_is_announced_as_a_new_version_is_refused() {
    let publisher = Publisher::new();
    let old = package("0.0.9");
    let words = refused(&publisher, &old, &publisher.sign(&old, "0.0.9")).await;
    assert!(words.contains("0.0.9") && words.contains(NEWER), "{words}");
}

#[tokio::test]
async fn the_version_in_a_signature_cannot_be_written_over_or_left_out() {
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;
    let publisher = Publisher::new();
    let old = package("0.0.9");
    let signature = BASE64_STANDARD
        .decode(publisher.sign(&old, "0.0.9"))
        .unwrap();
    let forged = String::from_utf8(signature).unwrap();
    let forged = forged.replace("version:0.0.9", "version:0.2.0");
    refused(&publisher, &old, &BASE64_STANDARD.encode(forged)).await;
    let unversioned = publisher.sign_saying(&old, "timestamp:1795543200\tfile:Campana.AppImage");
    refused(&publisher, &old, &unversioned).await;
}

#[tokio::test]
async fn an_older_version_and_the_same_one_are_no_news() {
    let (publisher, server) = (Publisher::new(), Server::start().await);
    let computer = Computer::with(&publisher, &server);
    for version in ["0.0.9", "0.1.0", "0.1.0-rc.1", "0.0.99"] {
        let other = package(version);
        server.publishes(version, &other, &publisher.sign(&other, version));
        assert_eq!(computer.updates.check().await, Ok(None), "{version}");
        assert!(computer.updates.download().await.is_err());
    }
    assert!(computer.is_as_before());
}

#[tokio::test]
async fn what_was_found_is_forgotten_when_it_is_withdrawn() {
    let (publisher, server) = (Publisher::new(), Server::start().await);
    let new = package("0.2.0");
    server.publishes(NEWER, &new, &publisher.sign(&new, NEWER));
    let computer = Computer::with(&publisher, &server);
    download(&computer).await.unwrap();
    server.answers("/latest.json", || {
        axum::http::StatusCode::NO_CONTENT.into_response()
    });
    assert_eq!(computer.updates.check().await, Ok(None));
    let installed = computer.updates.install().await;
    assert!(matches!(installed, Err(UpdateFailure::NotInstalled(_))));
    assert!(computer.is_as_before());
}

#[tokio::test]
async fn a_genuine_file_that_is_no_program_leaves_the_present_one() {
    let (publisher, server) = (Publisher::new(), Server::start().await);
    let text = b"a package for another system".to_vec();
    server.publishes(NEWER, &text, &publisher.sign(&text, NEWER));
    let computer = Computer::with(&publisher, &server);
    download(&computer).await.unwrap();
    let installed = computer.updates.install().await;
    assert!(matches!(installed, Err(UpdateFailure::NotInstalled(_))));
    assert!(computer.is_as_before());
}

#[tokio::test]
async fn a_program_that_is_no_longer_there_is_told() {
    let (publisher, server) = (Publisher::new(), Server::start().await);
    let new = package("0.2.0");
    server.publishes(NEWER, &new, &publisher.sign(&new, NEWER));
    let computer = Computer::with(&publisher, &server);
    download(&computer).await.unwrap();
    std::fs::remove_file(computer.program()).unwrap();
    let installed = computer.updates.install().await;
    assert!(matches!(installed, Err(UpdateFailure::NotInstalled(_))));
}

#[tokio::test]
async fn a_package_of_the_system_is_only_told_of() {
    let (publisher, server) = (Publisher::new(), Server::start().await);
    let list = r#"{ "version": "0.2.0", "platforms": {} }"#;
    server.answers("/latest.json", move || list.into_response());
    let addresses = vec![server.at("latest.json")];
    let computer = Computer::asking(&publisher, addresses, Way::Package);
    let found = computer.updates.check().await.unwrap();
    assert_eq!(found.as_deref(), Some(NEWER));
    assert!(computer.updates.download().await.is_err());
    assert!(computer.is_as_before());
}
