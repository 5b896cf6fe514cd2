// A pulse that goes on while the tab is hidden: timers of the page itself are slowed down to one a second there, and
// later to one a minute, while those of a worker are not.

setInterval(() => postMessage(0), 100);
