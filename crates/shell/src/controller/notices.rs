//! Which notifications are out, what each is about, and when it has nothing to say any more.

use super::words::Said;
use super::{Controller, words};
use crate::desktop::{Answer, Notice, NoticeId, Window};
use crate::effects::{Effect, NotificationEffect, Outcome};
use crate::view::{ShownOrder, View};

/// What a notification is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// These versions of orders; it goes with the last of them.
    Orders(Vec<ShownOrder>),
    /// Orders whose content cannot be read; it goes when nothing rings.
    Ringing,
    /// A trouble, which an alarm tells of too.
    Trouble,
    /// Trouble of another kind, which is no state that ends.
    Damage,
    /// A pause that nobody has ended.
    Pause,
    /// Tickets are not printed.
    Printer,
    /// *Probar la alarma*.
    Rehearsal,
    /// Good news.
    Recovery,
}

impl About {
    fn answers(&self) -> &'static [Answer] {
        match self {
            Self::Orders(_) => &[Answer::Open, Answer::Seen],
            Self::Trouble => &[Answer::Open, Answer::Quiet],
            Self::Ringing | Self::Damage | Self::Pause | Self::Printer => &[Answer::Open],
            Self::Rehearsal | Self::Recovery => &[],
        }
    }

    fn is_urgent(&self) -> bool {
        match self {
            Self::Orders(_)
            | Self::Ringing
            | Self::Trouble
            | Self::Damage
            | Self::Printer
            | Self::Rehearsal => true,
            Self::Pause | Self::Recovery => false,
        }
    }
}

/// The notifications that were shown and not withdrawn.
#[derive(Debug, Default)]
pub(super) struct Notices {
    last: u32,
    out: Vec<(NoticeId, About)>,
}

impl Notices {
    /// Notes a new one: its identifier, and those that have nothing to say beside it.
    fn add(&mut self, about: About) -> (NoticeId, Vec<NoticeId>) {
        let replaced = match &about {
            About::Orders(orders) => {
                self.let_go_of(|order| orders.iter().any(|new| new.id == order.id))
            }
            About::Ringing
            | About::Trouble
            | About::Damage
            | About::Pause
            | About::Printer
            | About::Rehearsal
            | About::Recovery => self.end(|present| *present == about),
        };
        self.last = self.last.wrapping_add(1);
        let id = NoticeId(self.last);
        self.out.push((id, about));
        (id, replaced)
    }

    /// Those that have no order left when these orders go.
    fn let_go_of(&mut self, goes: impl Fn(&ShownOrder) -> bool) -> Vec<NoticeId> {
        for (_, about) in &mut self.out {
            if let About::Orders(orders) = about {
                orders.retain(|order| !goes(order));
            }
        }
        self.end(|about| *about == About::Orders(Vec::new()))
    }

    /// Ends those that are about this.
    fn end(&mut self, ends: impl Fn(&About) -> bool) -> Vec<NoticeId> {
        let (gone, out): (Vec<_>, Vec<_>) = std::mem::take(&mut self.out)
            .into_iter()
            .partition(|(_, about)| ends(about));
        self.out = out;
        gone.into_iter().map(|(id, _)| id).collect()
    }

    fn about(&self, id: NoticeId) -> Option<&About> {
        let (_, about) = self.out.iter().find(|(known, _)| *known == id)?;
        Some(about)
    }

    /// Whether it is out.
    pub fn is_out(&self, id: NoticeId) -> bool {
        self.about(id).is_some()
    }

    /// Whether one of them tells of this order.
    pub fn tell_of(&self, order: &str) -> bool {
        self.out.iter().any(|(_, about)| match about {
            About::Orders(orders) => orders.iter().any(|told| told.id == order),
            About::Ringing
            | About::Trouble
            | About::Damage
            | About::Pause
            | About::Printer
            | About::Rehearsal
            | About::Recovery => false,
        })
    }
}

impl Controller {
    /// Shows a notification; an older one that says less goes.
    pub(super) fn notify(&mut self, said: Said, about: About) {
        let (answers, urgent) = (about.answers(), about.is_urgent());
        let (id, replaced) = self.notices.add(about);
        self.withdraw(replaced);
        self.desk.notify(Notice {
            id,
            title: said.title,
            body: said.body,
            answers,
            urgent,
        });
    }

    /// How an effect went; a notification that was taken back meanwhile is not shown again.
    pub(super) fn outcome(&mut self, outcome: Outcome) {
        if let Outcome::Failed(effect, _) = &outcome
            && let Effect::Notification(NotificationEffect::Show(notice)) = &**effect
            && !self.notices.is_out(notice.id)
        {
            return;
        }
        self.desk.went(outcome, self.now.at);
    }

    fn withdraw(&mut self, notices: Vec<NoticeId>) {
        for notice in notices {
            self.desk.withdraw(notice);
        }
    }

    /// Takes back those that are about this.
    pub(super) fn end_notices(&mut self, about: &About) {
        let gone = self.notices.end(|present| present == about);
        self.withdraw(gone);
    }

    /// Takes back what tells of orders that somebody has seen, wherever that was.
    pub(super) fn settle_notices(&mut self, view: &View) {
        let gone = self.notices.let_go_of(|told| {
            let mut own = view.orders.iter().filter(|order| order.id == told.id);
            !own.any(|order| crate::projection::rings(order.attention))
        });
        self.withdraw(gone);
        if view.unseen == 0 && self.reading.unread.is_empty() {
            self.end_notices(&About::Ringing);
        }
    }

    /// A tap shows what it is about; *Visto* marks the versions that it told of, and no others.
    pub(super) fn notification_answered(&mut self, notice: NoticeId, answer: Answer) {
        let about = self.notices.about(notice).cloned();
        match (answer, about) {
            (Answer::Open, about) => {
                self.desk.open(Window::Main);
                if let Some(About::Orders(orders)) = about
                    && let [order] = orders.as_slice()
                {
                    self.desk.show_order(&order.id);
                }
            }
            (Answer::Seen, Some(About::Orders(orders))) => self.mark_these_seen(&orders, None),
            (Answer::Quiet, Some(About::Trouble)) => self.quiet_trouble(),
            (Answer::Seen | Answer::Quiet, about) => {
                tracing::debug!(?answer, ?about, "an answer that says nothing any more");
            }
        }
    }

    /// The inbox was damaged.
    pub(super) fn tell_damage(&mut self) {
        let said = words::damaged(&self.catalogue);
        self.notify(said, About::Damage);
        self.desk.chime();
    }
}
