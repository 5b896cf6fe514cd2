//! The one session of a program, and everything that reads and tells it, on one thread.
//!
//! World, panels, sockets and timers all hold a [`Classroom`]. Telling it something changes the session and does at
//! once what the session asks for; reading it borrows the session for as short as possible: a panic while it is
//! borrowed would take it along, a panic anywhere else does not.

use std::{cell::RefCell, rc::Rc, sync::Arc};

use crate::session::{Input, Output, Session, Time};

/// What a platform does for a session.
pub trait Shell {
    /// The time, which never runs backwards.
    fn now(&self) -> Time;

    /// Does what the session asks for; what comes of it is told later.
    fn perform(&self, output: Output);

    /// Something changed besides the poses of those who walk.
    fn changed(&self);
}

/// A handle to the session; its clones are the same session.
#[derive(Clone)]
pub struct Classroom {
    inner: Rc<Inner>,
}

struct Inner {
    session: RefCell<Session>,
    shell: Box<dyn Shell>,
}

impl Classroom {
    /// Joins a session with its platform.
    pub fn new(session: Session, shell: Box<dyn Shell>) -> Self {
        Self { inner: Rc::new(Inner { session: RefCell::new(session), shell }) }
    }

    /// The time.
    pub fn now(&self) -> Time {
        self.inner.shell.now()
    }

    /// Tells the session what happens, and does what it asks for.
    pub fn tell(&self, input: Input) {
        // Nobody tells anything while looking or while being listened to: a session that is still borrowed went down
        // with a panic, and what it is told is of no use any more.
        let Ok(mut session) = self.inner.session.try_borrow_mut() else { return };
        let before = session.revision();
        session.handle(self.inner.shell.now(), input);
        let outputs: Vec<_> = std::iter::from_fn(|| session.poll()).collect();
        let has_changed = session.revision() != before;
        drop(session);
        for output in outputs {
            self.inner.shell.perform(output);
        }
        if has_changed {
            self.inner.shell.changed();
        }
    }

    /// Begins anew as another session, on the map that is there already.
    pub fn begin_anew(&self, session: Session) {
        let Ok(mut place) = self.inner.session.try_borrow_mut() else { return };
        let before = std::mem::replace(&mut *place, session);
        drop(place);
        if let Some(map) = before.map() {
            self.tell(Input::MapLoaded(Arc::clone(map)));
        }
    }

    /// Whether somebody is at it right now; between two events of one thread that means that a panic took it along.
    pub fn is_borrowed(&self) -> bool {
        self.inner.session.try_borrow_mut().is_err()
    }

    /// Looks at the session.
    pub fn read<R>(&self, look: impl FnOnce(&Session, Time) -> R) -> R {
        let now = self.now();
        look(&self.inner.session.borrow(), now)
    }
}
