//! Where the key is, and what can be found out without one.

use campana_contract::Refusal;

use super::support::*;
use super::*;

#[tokio::test(start_paused = true)]
async fn a_key_says_where_it_is() {
    for (place, code) in [
        (KeyPlace::Keyring, InKeyring),
        (KeyPlace::Environment, InEnvironment),
        (KeyPlace::Memory, InMemory),
        (KeyPlace::Typed, Typed),
    ] {
        let mut scene = Scene::good();
        scene.key = found(place);
        let finding = scene.finding(Check::Keyring).await;
        assert_eq!((finding.code, finding.outcome), (code, Outcome::Ok));
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_key_the_server_is_examined_all_the_same() {
    for (why, code) in [
        (NoKey::Missing, Missing),
        (NoKey::Keyring(KeyStoreError::NoKeyring), NoKeyring),
        (NoKey::Keyring(KeyStoreError::Locked), Locked),
        (NoKey::Keyring(KeyStoreError::Denied), Denied),
    ] {
        let mut scene = Scene::good();
        scene.key = Err(why);
        scene.web_socket = refused(Refusal::KeyRequired);
        let findings = scene.examine().await;
        let failed: Vec<_> = findings
            .iter()
            .filter(|f| f.outcome == Outcome::Failed)
            .collect();
        assert_eq!(failed.len(), 1);
        assert_eq!(
            (failed[0].code, failed[0].fault()),
            (code, Some(Fault::Key))
        );
        let skipped: Vec<_> = findings
            .iter()
            .filter(|f| f.because == Some(Check::Keyring))
            .collect();
        let skipped: Vec<_> = skipped.iter().map(|f| f.check).collect();
        assert_eq!(
            skipped,
            [
                Check::SocketKey,
                Check::RoundTrip,
                Check::Pull,
                Check::Profile
            ]
        );
        let namespace = findings
            .iter()
            .find(|f| f.check == Check::Namespace)
            .unwrap();
        assert_eq!(namespace.code, There);
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_that_no_header_can_carry_is_not_sent() {
    for key in ["  ", "dos\nlíneas", "\u{0}"] {
        let mut scene = Scene::good();
        scene.web_socket = refused(Refusal::KeyRequired);
        scene.key = Ok(FoundKey {
            key: key.into(),
            place: KeyPlace::Environment,
        });
        assert_eq!(scene.finding(Check::Keyring).await.code, Unusable);
    }
}
