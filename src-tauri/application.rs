//! Puts the app together and runs it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use campana_contract::Timestamp;
use campana_shell::controller::{
    self, Controller, DoctorProber, Environment, Input, Moment, Parts,
};
use campana_shell::effects;
use campana_shell::engine::Engine;
use campana_shell::heartbeat::Heartbeat;
use campana_shell::updates::Updates;
use campana_sync::certificate_authority::CertificateAuthority;
use campana_sync::clock::{Clock, SystemClock};
use campana_sync::doctor::Doctor;
use campana_sync::http::{Exchange, HttpClient, Limits};
use campana_sync::key_store::{KeyStore, SystemKeyring};
use campana_sync::lease::Lease;
use campana_sync::link::{Connector, SocketIoConnector};
use campana_sync::places::Places;
use campana_sync::settings::{Loaded, Settings};
use campana_sync::shutdown_signal::shutdown_signal;
use rand::SeedableRng;
use rand::rngs::StdRng;
use secrecy::SecretString;
use tauri::{AppHandle, Manager, RunEvent};
use time::{OffsetDateTime, UtcOffset};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use crate::commands;
use crate::computer::ThisComputer;
use crate::crash_restart::{self, CrashRestart};
use crate::demo::Demo;
use crate::desktop_tauri::{self, tray_presence};
use crate::late_engine::{LateEngine, Rooms};
use crate::ticket::{EscPosPrinter, Patience};
use crate::updates::{PluginUpdates, Source};
use crate::watchdog::Watchdog;

include!("command_list.rs");

macro_rules! handler {
    ($($name:ident,)*) => {
        tauri::generate_handler![$(commands::$name),*]
    };
}

/// At the end of a session Windows gives a program five seconds; what is being written gets most of them.
const LAST_MOMENT: Duration = Duration::from_secs(4);

/// How to run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// With sample orders, apart from everything real.
    pub demo: bool,
}

/// Where things are, and what was found there.
struct Household {
    places: Places,
    settings: Option<Loaded>,
    key_store: Arc<dyn KeyStore>,
    environment: Environment,
    demo: Option<Demo>,
}

/// What reaches out besides the engine.
struct Reach {
    prober: DoctorProber,
    updates: Option<Arc<dyn Updates>>,
}

/// Runs the app until somebody ends it. `key` is what the environment named.
///
/// # Errors
/// When it cannot start; technical words.
pub fn run(
    mut context: tauri::Context,
    options: Options,
    key: Option<SecretString>,
) -> anyhow::Result<()> {
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        ?options,
        "Campana starts"
    );
    let household = household(options, key)?;
    let demo_folder: Option<PathBuf> = household
        .demo
        .as_ref()
        .and_then(|demo| demo.places().data.parent().map(PathBuf::from));
    let exchange: Arc<dyn Exchange> = Arc::new(HttpClient::new(Limits::default())?);
    let connector: Arc<dyn Connector> = Arc::new(SocketIoConnector::default());
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let rooms = Rooms {
        folder: household.places.data.clone(),
        connector: connector.clone(),
        exchange: exchange.clone(),
        clock: clock.clone(),
    };
    let prober = DoctorProber {
        doctor: Doctor::new(exchange, connector, clock)?,
        data: household.places.data.clone(),
    };
    let (sender, receiver) = controller::channel();
    let mut builder = tauri::Builder::default();
    if !options.demo {
        let inputs = sender.clone();
        builder = builder.plugin(tauri_plugin_single_instance::init(move |_, _, _| {
            let _ = inputs.send(Input::SecondInstance);
        }));
    }
    #[cfg(not(target_os = "linux"))]
    {
        builder = builder.plugin(tauri_plugin_notification::init());
    }
    #[cfg(target_os = "macos")]
    {
        let revival = crate::desktop_tauri::page_death::PageRevival::new(sender.clone());
        builder = builder.on_web_content_process_terminate(move |page| {
            if let Some(window) = page.get_webview_window(page.label()) {
                revival.died(window);
            }
        });
    }
    let plugins = &mut context.config_mut().plugins.0;
    let source = Source::of(plugins.get("updater")).filter(|_| !options.demo);
    if let Some(source) = &source {
        plugins.insert("updater".into(), source.for_plugin());
        builder = builder.plugin(tauri_plugin_updater::Builder::new().build());
    }
    let inputs = sender.clone();
    let app = builder
        .manage::<commands::Inputs>(sender)
        .invoke_handler(with_commands!(handler))
        .setup(move |app| {
            #[cfg(target_os = "macos")]
            app.set_activation_policy(tauri::ActivationPolicy::Accessory);
            let updates = source.map(|source| {
                let updates: Arc<dyn Updates> =
                    Arc::new(PluginUpdates::new(app.handle().clone(), source));
                updates
            });
            let reach = Reach { prober, updates };
            start(app.handle(), household, rooms, reach, (inputs, receiver));
            Ok(())
        })
        .build(context)?;
    app.run(move |app, event| {
        if let RunEvent::ExitRequested {
            code: None, api, ..
        } = &event
        {
            // The tray lives on when the last window is closed.
            api.prevent_exit();
        }
        if matches!(event, RunEvent::Exit) {
            end(app, demo_folder.as_deref());
            crate::logging::flush();
        }
    });
    Ok(())
}

/// The last that happens, however the app ends. When somebody logs out or shuts down, Windows and macOS come here
/// without having asked the controller, and this thread returns to nobody: the controller may wait for it.
fn end(app: &AppHandle, demo_folder: Option<&Path>) {
    if let Some(engine) = app.try_state::<LateEngine>() {
        let written = tauri::async_runtime::block_on(async {
            tokio::time::timeout(LAST_MOMENT, engine.shut_down()).await
        });
        if written.is_err() {
            tracing::warn!("the engine did not end in time");
        }
    }
    if let Some(folder) = demo_folder
        && let Err(error) = std::fs::remove_dir_all(folder)
    {
        tracing::warn!(%error, "the demo's folder stays");
    }
    if let Some(restart) = app.try_state::<CrashRestart>() {
        restart.disarm();
    }
    tracing::info!("ended");
}

fn household(options: Options, key: Option<SecretString>) -> anyhow::Result<Household> {
    if options.demo {
        let demo = tauri::async_runtime::block_on(Demo::start())?;
        return Ok(Household {
            places: demo.places(),
            settings: Some(demo.settings()),
            key_store: Arc::new(tauri::async_runtime::block_on(demo.key_store())?),
            environment: Environment::default(),
            demo: Some(demo),
        });
    }
    let places = Places::of_this_user()?;
    let settings = Settings::load(&places.config)
        .inspect_err(|error| tracing::error!(%error, "the settings cannot be read"))
        .ok();
    let address = std::env::var("CAMPANA_BACKEND_URL")
        .ok()
        .filter(|address| !address.trim().is_empty());
    Ok(Household {
        places,
        settings,
        key_store: Arc::new(SystemKeyring::default()),
        environment: Environment {
            address,
            key,
            certificate_authority: CertificateAuthority::from_environment(),
        },
        demo: None,
    })
}

fn start(
    app: &AppHandle,
    household: Household,
    rooms: Rooms,
    reach: Reach,
    (sender, receiver): (UnboundedSender<Input>, UnboundedReceiver<Input>),
) {
    let is_demo = household.demo.is_some();
    let (outlets, queues) = effects::queues();
    let mut watchdog = Watchdog::default();
    let clock = rooms.clock.clone();
    let mut watched = |name| {
        let lease = Lease::new(clock.clone());
        watchdog.watch(name, lease.clone());
        lease
    };
    desktop_tauri::start(app, &sender, is_demo, queues, &mut watched);
    let controllers = watched("controller");
    let inputs = sender.clone();
    tray_presence::watch(move |is_there| {
        let _ = inputs.send(Input::TrayPresence(is_there));
    });
    let runtime = tauri::async_runtime::handle();
    let ended = {
        let _entered = runtime.inner().enter();
        shutdown_signal()
    };
    let inputs = sender.clone();
    tauri::async_runtime::spawn(async move {
        ended.await;
        // It ends at once: nobody is there to answer.
        let _ = inputs.send(Input::EndSession);
    });
    // The demo need not come back.
    let restart = (!is_demo).then(CrashRestart::arm);
    app.manage(
        restart
            .transpose()
            .map(Option::unwrap_or_default)
            .unwrap_or_else(|error| {
                tracing::warn!(%error, "nothing starts Campana again if it dies");
                CrashRestart::default()
            }),
    );
    let opening = sender.clone();
    let engine = tauri::async_runtime::block_on(async move { LateEngine::start(rooms, opening) });
    app.manage(engine.clone());
    let age = engine.clone();
    watchdog.watch_age("engine", move || age.age());
    if let Err(error) = watchdog.start(sender.clone(), crash_restart::restart) {
        tracing::error!(%error, "nobody watches the parts of the app");
    }
    let ending = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Some(demo) = household.demo {
            tokio::spawn(demo.make_orders(sender.clone()));
        }
        let parts = Parts {
            archive: Arc::new(engine.clone()),
            printer: Arc::new(EscPosPrinter::new(Patience::default())),
            engine: Arc::new(engine),
            key_store: household.key_store,
            prober: Arc::new(reach.prober),
            computer: Arc::new(ThisComputer::new(household.places.data.clone())),
            updates: reach.updates,
            randomness: StdRng::from_rng(&mut rand::rng()),
            data_folder: household.places.data,
            offset,
            settings: household.settings,
            settings_folder: household.places.config,
            environment: household.environment,
            demo: is_demo,
        };
        let now = Moment::now(clock.as_ref());
        let controller = Controller::new(parts, sender, now);
        let mut heartbeat = Heartbeat::new("controller", controllers);
        heartbeat
            .beside(controller.run(receiver, outlets, clock))
            .await;
        ending.state::<CrashRestart>().disarm();
    });
}

/// Seconds between this place's time and UTC at a moment.
fn offset(at: Timestamp) -> i32 {
    OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1000))
        .ok()
        .and_then(|at| UtcOffset::local_offset_at(at).ok())
        .map_or(0, UtcOffset::whole_seconds)
}
