//! What a connection is told to do is done one after another, by a task of its own.

use std::rc::Rc;

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::{
    StreamExt,
    future::{AbortHandle, AbortRegistration, Abortable},
};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

/// Whoever is told what to do.
pub(super) trait Servant: 'static {
    type Order: 'static;

    /// Does it.
    ///
    /// # Errors
    /// If the browser refuses: nothing more is done after that.
    async fn obey(&self, order: Self::Order) -> Result<(), JsValue>;

    /// The browser refused something.
    fn give_up(&self);
}

/// Where orders are given.
pub(super) struct Orders<Order> {
    sender: UnboundedSender<Order>,
    task: AbortHandle,
}

/// Where they wait for somebody to take them.
pub(super) struct Waiting<Order> {
    receiver: UnboundedReceiver<Order>,
    registration: AbortRegistration,
}

/// Orders, and where they wait.
pub(super) fn orders<Order>() -> (Orders<Order>, Waiting<Order>) {
    let (sender, receiver) = unbounded();
    let (task, registration) = AbortHandle::new_pair();
    (Orders { sender, task }, Waiting { receiver, registration })
}

impl<Order> Orders<Order> {
    /// Has something done after everything that was told before.
    pub(super) fn give(&self, order: Order) {
        // Nobody takes it any more once the browser has refused something.
        let _ = self.sender.unbounded_send(order);
    }

    /// Nothing is done any more, nor is what is being done just now brought to an end: the servant is let go at once.
    pub(super) fn end(&self) {
        self.task.abort();
    }
}

impl<Order> Waiting<Order> {
    /// Has somebody do it all; they are held until the orders end.
    pub(super) fn serve<S: Servant<Order = Order>>(self, servant: Rc<S>) {
        let Self { mut receiver, registration } = self;
        let serve = async move {
            while let Some(order) = receiver.next().await {
                if servant.obey(order).await.is_err() {
                    return servant.give_up();
                }
            }
        };
        spawn_local(async {
            // Aborted when the orders end.
            let _ = Abortable::new(serve, registration).await;
        });
    }
}
