//! What calls and a room's connection have in common: one connection, one task that does what takes time in its turn,
//! and a look at it once a second.
//!
//! Nothing is left of it once it is closed, whatever it was doing.

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    rc::Rc,
    task::{Poll, Waker},
};

use futures_util::future::{AbortHandle, AbortRegistration, Abortable};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::{
    super::{listener::Listener, tell},
    connections::Connection,
    statistics::{Look, Statistics},
};
use crate::{
    media::{
        CallEvent, CallId, ConnectionState, Ice, MediaInput,
        turns::{Turn, Turns},
    },
    session::Input,
};

/// Ticks between two looks at how it goes.
const LOOK_EVERY: u32 = 10;

/// Does what its [`Orders`] say.
pub(super) trait Obey: Sized + 'static {
    /// What it can be told.
    type Command;

    /// What it is told.
    fn orders(&self) -> &Orders<Self::Command>;

    /// Does that.
    ///
    /// # Errors
    /// If the browser refuses: the connection is of no use any more.
    async fn obey(&self, command: Self::Command) -> Result<(), JsValue>;

    /// Sends what is to be sent by now.
    ///
    /// # Errors
    /// If the browser refuses: the connection is of no use any more.
    async fn refresh(&self) -> Result<(), JsValue>;

    /// Whether camera or screen is sent right now.
    fn is_sending_pictures(&self) -> bool;

    /// Reports what a look at the connection tells.
    fn looked(&self, look: &Look);
}

/// See the module.
pub(super) struct Orders<C> {
    id: CallId,
    pub(super) connection: Connection,
    turns: RefCell<Turns<C>>,
    /// Of the task, while it has nothing to do.
    waker: RefCell<Option<Waker>>,
    task: AbortHandle,
    /// Until the task begins.
    registration: RefCell<Option<AbortRegistration>>,
    is_closed: Cell<bool>,
    listeners: RefCell<Vec<Listener>>,
    statistics: Statistics,
    ticks: Cell<u32>,
}

impl<C: 'static> Orders<C> {
    /// Opens a connection. None if there is none to be had.
    pub(super) fn open(id: CallId, ice: &Ice) -> Option<Self> {
        let connection = Connection::open(ice)?;
        let (task, registration) = AbortHandle::new_pair();
        Some(Self {
            id,
            connection,
            turns: RefCell::default(),
            waker: RefCell::default(),
            task,
            registration: RefCell::new(Some(registration)),
            is_closed: Cell::default(),
            listeners: RefCell::default(),
            statistics: Statistics::default(),
            ticks: Cell::default(),
        })
    }

    /// Has it do something, after everything it was told before.
    pub(super) fn command(&self, command: C) {
        self.turns.borrow_mut().command(command);
        self.wake();
    }

    /// Something else is to be sent than before, or something else is captured.
    pub(super) fn refresh(&self) {
        self.turns.borrow_mut().refresh();
        self.wake();
    }

    /// Tells the session, unless it is over.
    pub(super) fn report(&self, event: CallEvent) {
        if !self.is_closed.get() {
            tell(Input::Media(MediaInput::Call(self.id, event)));
        }
    }

    /// Keeps a listener until it is over.
    pub(super) fn keep(&self, listener: Listener) {
        self.listeners.borrow_mut().push(listener);
    }

    /// Whether the connection stands.
    pub(super) fn is_connected(&self) -> bool {
        self.connection.state() == Some(ConnectionState::Connected)
    }

    /// Closes the connection for good. False if it was closed before.
    pub(super) fn close(&self) -> bool {
        if self.is_closed.replace(true) {
            return false;
        }
        self.listeners.take();
        // It holds whoever obeys: both go together.
        self.task.abort();
        self.connection.close();
        true
    }

    fn wake(&self) {
        let waker = self.waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    async fn next(&self) -> Turn<C> {
        poll_fn(|context| {
            if let Some(turn) = self.turns.borrow_mut().pop() {
                return Poll::Ready(turn);
            }
            self.waker.replace(Some(context.waker().clone()));
            Poll::Pending
        })
        .await
    }
}

/// Begins to do what it is told, and to report how the connection stands.
pub(super) fn begin<T: Obey>(obedient: &Rc<T>) {
    let orders = obedient.orders();
    // Weak: the listener is its own.
    let observed = Rc::downgrade(obedient);
    orders.keep(Listener::new(&orders.connection, "connectionstatechange", move |_| {
        let Some(obedient) = observed.upgrade() else { return };
        let orders = obedient.orders();
        if let Some(state) = orders.connection.state() {
            orders.report(CallEvent::State(state));
        }
    }));
    let registration = orders.registration.take();
    if let Some(registration) = registration {
        let serve = serve(Rc::clone(obedient));
        spawn_local(async {
            // Ends early when it is closed.
            let _ = Abortable::new(serve, registration).await;
        });
    }
}

async fn serve<T: Obey>(obedient: Rc<T>) {
    let orders = obedient.orders();
    loop {
        let result = match orders.next().await {
            Turn::Command(command) => obedient.obey(command).await,
            Turn::Refresh => obedient.refresh().await,
        };
        if result.is_err() {
            return orders.report(CallEvent::Broken);
        }
    }
}

/// Ten times a second: now and then how it goes.
pub(super) fn tick<T: Obey>(obedient: &Rc<T>) {
    let orders = obedient.orders();
    let ticks = orders.ticks.get().wrapping_add(1);
    orders.ticks.set(ticks);
    if ticks.is_multiple_of(LOOK_EVERY) && orders.is_connected() {
        let obedient = Rc::clone(obedient);
        spawn_local(async move { look(&*obedient).await });
    }
}

async fn look<T: Obey>(obedient: &T) {
    let orders = obedient.orders();
    let is_sending_pictures = obedient.is_sending_pictures();
    let Some(look) = orders.statistics.look(&orders.connection).await else { return };
    obedient.looked(&look);
    // Whoever sends no pictures strains nothing, whatever was counted before.
    let strained = if is_sending_pictures { look.strained } else { Some(0) };
    if let Some(percent) = strained {
        orders.report(CallEvent::Strained(percent));
    }
}
