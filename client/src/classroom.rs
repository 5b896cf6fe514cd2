//! The one session of a program, and everything that reads and tells it, on one thread.
//!
//! World, panels, sockets and timers all hold a [`Classroom`]. Telling it something changes the session and does at
//! once what the session asks for; reading it borrows the session for as short as possible: a panic while it is
//! borrowed would take it along, a panic anywhere else does not.

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

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
    inputs: RefCell<VecDeque<Input>>,
}

impl Classroom {
    /// Joins a session with its platform.
    pub fn new(session: Session, shell: Box<dyn Shell>) -> Self {
        Self { inner: Rc::new(Inner { session: RefCell::new(session), shell, inputs: RefCell::default() }) }
    }

    /// The time.
    pub fn now(&self) -> Time {
        self.inner.shell.now()
    }

    /// Tells the session what happens, and does what it asks for.
    pub fn tell(&self, input: Input) {
        self.inner.inputs.borrow_mut().push_back(input);
        // Told from within: whoever is at it already goes on with this one.
        let Ok(mut session) = self.inner.session.try_borrow_mut() else { return };
        let before = session.revision();
        let mut outputs = Vec::new();
        loop {
            let Some(input) = self.inner.inputs.borrow_mut().pop_front() else { break };
            session.handle(self.inner.shell.now(), input);
            outputs.extend(std::iter::from_fn(|| session.poll()));
        }
        let has_changed = session.revision() != before;
        drop(session);
        for output in outputs {
            self.inner.shell.perform(output);
        }
        if has_changed {
            self.inner.shell.changed();
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
