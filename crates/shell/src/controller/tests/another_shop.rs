//! Another address or another key: whose orders they bring, and whether they may be sent at all.

use campana_sync::settings::Settings;
use secrecy::SecretString;

use super::support::{Beginning, SHOP, Shop, form, ringing};
use crate::controller::Environment;
use crate::desktop::Window;
use crate::view::{CommandError, SettingsForm, ShopChoice};
use campana_sync::status::StatusKind;

const NEW: &str = "https://nueva.mx";
const FAR: &str = "http://tienda.mx";

fn chosen(address: &str, key: Option<&str>, shop: ShopChoice) -> SettingsForm {
    SettingsForm {
        shop: Some(shop),
        ..form(address, key)
    }
}

fn wrong(result: Result<(), CommandError>) -> (String, String) {
    let error = result.unwrap_err();
    (error.code, error.field.unwrap_or_default())
}

/// Where the only order of the inbox belongs.
fn source(shop: &Shop) -> String {
    shop.engine().orders[0].source.clone()
}

async fn with_history() -> Shop {
    let beginning = Beginning::complete().with_orders(vec![ringing("a1")]);
    beginning.start().await
}

#[tokio::test(start_paused = true)]
async fn another_address_asks_whether_it_is_the_same_shop() {
    let shop = with_history().await;
    let asks = shop.save(form(NEW, Some("k2"))).await;
    assert_eq!(wrong(asks), ("shop-unknown".into(), "shop".into()));
    assert_eq!(shop.configured().unwrap().0, SHOP, "nothing changed");
    assert!(
        !shop
            .keyring
            .lock()
            .unwrap()
            .as_ref()
            .unwrap()
            .contains_key(NEW)
    );

    let same = chosen(NEW, Some("k2"), ShopChoice::Same);
    assert_eq!(shop.save(same).await, Ok(()));
    assert_eq!(source(&shop), NEW);
    assert_eq!(shop.configured().unwrap().0, NEW);
    let told: Vec<_> = shop
        .engine()
        .configurations
        .iter()
        .map(Option::is_some)
        .collect();
    assert_eq!(told, [true, false, true], "nothing enters while it moves");
}

#[tokio::test(start_paused = true)]
async fn another_shop_leaves_the_history_where_it_is() {
    let shop = with_history().await;
    let other = chosen(NEW, Some("k2"), ShopChoice::Other);
    assert_eq!(shop.save(other).await, Ok(()));
    assert_eq!(source(&shop), SHOP);
    assert_eq!(shop.configured().unwrap().0, NEW);
}

#[tokio::test(start_paused = true)]
async fn another_key_at_the_same_address_asks_as_well() {
    let shop = with_history().await;
    assert_eq!(
        shop.save(form(SHOP, Some("clave"))).await,
        Ok(()),
        "it is the same"
    );
    let asks = shop.save(form(SHOP, Some("k2"))).await;
    assert_eq!(wrong(asks), ("shop-unknown".into(), "shop".into()));
    let renewed = chosen(SHOP, Some("k2"), ShopChoice::Same);
    assert_eq!(shop.save(renewed).await, Ok(()));
    assert_eq!(source(&shop), SHOP);
    let other = chosen(SHOP, Some("k3"), ShopChoice::Other);
    assert_eq!(shop.save(other).await, Ok(()));
    assert!(source(&shop).starts_with("https://tienda.mx#before-"));
}

#[tokio::test(start_paused = true)]
async fn nobody_is_asked_about_an_address_from_which_nothing_came() {
    let shop = Beginning::complete().start().await;
    assert_eq!(shop.save(form(NEW, Some("k2"))).await, Ok(()));
    assert_eq!(shop.configured().unwrap().0, NEW);
}

#[tokio::test(start_paused = true)]
async fn a_history_goes_back_when_the_settings_cannot_be_written() {
    let shop = with_history().await;
    std::fs::write(shop.folder.path().join("config"), "a file in the way").unwrap();
    let result = shop.save(chosen(NEW, Some("k2"), ShopChoice::Same)).await;
    assert_eq!(wrong(result).0, "settings-unwritable");
    assert_eq!(source(&shop), SHOP);
    assert_eq!(shop.configured().unwrap().0, SHOP, "it works on");
}

#[tokio::test(start_paused = true)]
async fn nothing_goes_over_the_internet_in_the_clear_unless_it_is_meant() {
    let shop = Beginning::first().start().await;
    let refused = ("address-plain-http".into(), "address".into());
    assert_eq!(wrong(shop.save(form(FAR, Some("k1"))).await), refused);
    assert!(shop.configured().is_none());
    assert!(shop.keyring.lock().unwrap().as_ref().unwrap().is_empty());
    let meant = SettingsForm {
        plain_http: true,
        ..form(FAR, Some("k1"))
    };
    assert_eq!(shop.save(meant).await, Ok(()));
    assert_eq!(shop.configured().unwrap().0, FAR);
    // It holds for this address from now on, and for no other.
    assert_eq!(shop.save(form(FAR, None)).await, Ok(()));
    assert_eq!(
        wrong(shop.save(form("http://otra.mx", Some("k1"))).await),
        refused
    );
    for near in [
        "http://192.168.1.20:5000",
        "http://caja.local",
        "http://127.0.0.1:5000",
    ] {
        assert_eq!(shop.save(form(near, Some("k1"))).await, Ok(()), "{near}");
    }
    let saved = Settings::load(&shop.folder.path().join("config")).unwrap();
    assert_eq!(saved.settings.plain_http_allowed, None);
}

#[tokio::test(start_paused = true)]
async fn an_address_that_nobody_allowed_is_not_used_wherever_it_comes_from() {
    let mut from_file = Beginning::complete();
    from_file.settings.address = Some(FAR.into());
    let mut from_environment = Beginning::complete();
    from_environment.environment = Environment {
        address: Some(FAR.into()),
        key: Some(SecretString::from("k1")),
        ..Environment::default()
    };
    for beginning in [from_file, from_environment] {
        let shop = beginning.start().await;
        assert!(shop.configured().is_none());
        assert_eq!(shop.screen().opened, [Window::Settings]);
        shop.status(StatusKind::NotConfigured, None).await;
        let view = shop.view().await;
        assert!(view.setup.plain_http_refused);
        assert_eq!(view.status.kind, StatusKind::Offline);
        assert_eq!(view.status.cause.as_deref(), Some("address_plain_http"));
    }
    let mut allowed = Beginning::complete();
    allowed.settings.address = Some(FAR.into());
    allowed.settings.plain_http_allowed = Some(FAR.into());
    allowed.keyring = Ok([(FAR.to_owned(), SecretString::from("k1"))].into());
    assert_eq!(allowed.start().await.configured().unwrap().0, FAR);
}

#[tokio::test(start_paused = true)]
async fn an_own_certificate_authority_is_read_before_it_is_saved() {
    let shop = Beginning::complete().start().await;
    let with = |path: &str| SettingsForm {
        certificate_authority: Some(path.into()),
        ..form(SHOP, None)
    };
    let field = "certificate_authority".to_owned();
    let missing = shop.save(with("no-such.pem")).await;
    let unreadable = "certificate-authority-unreadable".to_owned();
    assert_eq!(wrong(missing), (unreadable, field.clone()));
    let file = shop.folder.path().join("own.pem");
    std::fs::write(&file, "no certificate").unwrap();
    let malformed = shop.save(with(file.to_str().unwrap())).await;
    let code = "certificate-authority-malformed".to_owned();
    assert_eq!(wrong(malformed), (code, field));
    let good = include_str!("../../../../sync/src/http/tests/self-signed.pem");
    std::fs::write(&file, good).unwrap();
    assert_eq!(shop.save(with(file.to_str().unwrap())).await, Ok(()));
    assert_eq!(shop.trusted(), Some(file.clone()));
    let shown = shop.view().await.setup.certificate_authority;
    assert_eq!(shown.as_deref(), file.to_str());
    assert_eq!(shop.save(with(" ")).await, Ok(()));
    assert_eq!(shop.trusted(), None);
}
