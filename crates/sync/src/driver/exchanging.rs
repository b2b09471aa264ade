//! The driver's exchange: one at a time, on a task of its own.

use std::sync::Arc;

use super::Driver;
use super::supervisor::contained;
use crate::engine::{ExchangeFailure, Generation, Input};
use crate::http::{Call, HttpFailure, Profile, Request};

impl Driver {
    pub(super) fn exchange(&mut self, generation: Generation, profile: Profile, call: Call) {
        self.abandon();
        let Some((configuration, key)) = self.with_key() else {
            return;
        };
        let request = Request {
            address: configuration.address.clone(),
            key,
            profile,
            call,
            certificate_authority: configuration.certificate_authority.clone(),
        };
        self.recorder.exchange(generation, profile, &request.call);
        let exchange = Arc::clone(&self.exchange);
        let results = self.results.clone();
        self.exchanging = Some(tokio::spawn(async move {
            let address = request.address.clone();
            let result = match contained(exchange.exchange(request)).await {
                Ok(Ok(answer)) => Ok(answer),
                Err(_) => Err(ExchangeFailure {
                    failure: HttpFailure::BrokenOff("Campana failed while it was under way".into()),
                    no_network: false,
                }),
                Ok(Err(failure)) => {
                    let no_network = matches!(failure, HttpFailure::Unreachable(_))
                        && !crate::network::leads_to(&address);
                    Err(ExchangeFailure {
                        failure,
                        no_network,
                    })
                }
            };
            let _ = results.send(Input::Exchanged(generation, result));
        }));
    }

    pub(super) fn abandon(&mut self) {
        if let Some(exchanging) = self.exchanging.take() {
            exchanging.abort();
            self.recorder.abandoned();
        }
    }
}
