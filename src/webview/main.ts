import { render } from 'lit/html.js';
import { readMessage } from './protocol/readMessage';
import { toHost, type ToHost } from './protocol/toHost';
import { toPage } from './protocol/toPage';
import { Page, type Screen } from './page';
import { readRemembered, type Remembered } from './remembered';
import { pageView } from './views/pageView';

/** What the editor gives to the page, once. */
declare function acquireVsCodeApi(): {
  postMessage(message: ToHost): void;
  getState(): unknown;
  setState(state: Remembered): void;
};

// A page that has gone wild must not flood the extension.
const maxTroubles = 20;

function start(root: HTMLElement): void {
  const editor = acquireVsCodeApi();
  let troubles = 0;
  const send = (message: ToHost): void => {
    const reading = readMessage(toHost, message);
    if ('message' in reading) {
      editor.postMessage(message);
    } else {
      report(`A message of type ${message.type} does not fit the protocol: ${reading.refused}`);
    }
  };
  const report = (text: string): void => {
    if (troubles++ < maxTroubles) {
      editor.postMessage({ type: 'trouble', text: text.slice(0, 1_000) });
    }
  };
  let isDrawing = false;
  let focusAfter: string | undefined;
  const draw = (): void => {
    isDrawing = false;
    render(pageView(page), root);
    if (focusAfter !== undefined) {
      document.getElementById(focusAfter)?.focus();
      focusAfter = undefined;
    }
  };
  const screen: Screen = {
    draw: () => {
      if (!isDrawing) {
        isDrawing = true;
        // Before the next frame, and once for everything that happens until then.
        queueMicrotask(draw);
      }
    },
    setStyle: (name, value) => {
      root.style.setProperty(name, value);
    },
    announce: (text, isUrgent) => {
      announce(text, isUrgent);
    },
    focus: (id) => {
      focusAfter = id;
      screen.draw();
    },
  };
  const page = new Page(
    readRemembered(editor.getState()),
    {
      send,
      remember: (state) => {
        editor.setState(state);
      },
    },
    screen,
  );
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const reading = readMessage(toPage, data);
    if ('message' in reading) {
      page.receive(reading.message);
    } else {
      report(`A message was refused: ${reading.refused}`);
    }
  });
  window.addEventListener('error', ({ message }) => {
    report(message);
  });
  window.addEventListener('unhandledrejection', ({ reason }: PromiseRejectionEvent) => {
    report(String(reason));
  });
  screen.draw();
  send({ type: 'ready' });
}

/** The regions stand outside of what is drawn: a reader hears only of changes in a region that was there before. */
function announce(text: string, isUrgent: boolean): void {
  const region = document.getElementById(isUrgent ? 'alert' : 'status');
  if (region !== null) {
    // The same text again would be no change.
    region.textContent = region.textContent === text ? `${text}\u00a0` : text;
  }
}

function region(id: string, role: string): HTMLElement {
  const element = document.createElement('div');
  element.id = id;
  element.className = 'spoken';
  element.setAttribute('role', role);
  return element;
}

const app = document.getElementById('app');
if (app !== null) {
  document.body.append(region('status', 'status'), region('alert', 'alert'));
  start(app);
}
