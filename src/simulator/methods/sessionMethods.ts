import { Login, Logout, SessionIsActive, SetLocale, TerminateSession } from '../../vsphere/vim/service';
import { reportedAccount } from '../access/accountName';
import { anonymous, view } from '../access/privileges';
import { faultError } from '../faultError';
import { type Call, serve, type ServedMethod, sessionOf } from '../server/call';

const locales = /^[a-z]{2}([_-][A-Z]{2})?$/;

function checkLocale(locale: string): void {
  if (!locales.test(locale)) {
    throw faultError('InvalidLocale');
  }
}

function login(
  call: Call<'SessionManager'>,
  args: { readonly userName: string; readonly password: string; readonly locale?: string | undefined },
): ReturnType<typeof sessionOf>['info'] {
  const { server, caller } = call;
  if (args.locale !== undefined) {
    checkLocale(args.locale);
  }
  if (call.session !== undefined) {
    // The reference: the method fails if the user is already logged in.
    throw faultError('InvalidLogin');
  }
  const user = server.users.find(args.userName);
  const outcome = server.users.check(args.userName, args.password);
  if (outcome === 'passwordExpired') {
    throw faultError('PasswordExpired');
  }
  if (user === undefined || outcome !== 'accepted') {
    throw faultError('InvalidLogin');
  }
  if (!server.accessControl.isKnown(user.name)) {
    const root = server.content.rootFolder;
    throw faultError('NoPermission', {
      object: root,
      privilegeId: view,
      missingPrivileges: [{ entity: root, privilegeIds: [view] }],
    });
  }
  const session = server.sessionStore.open({
    userName: reportedAccount(user.name),
    fullName: user.fullName ?? reportedAccount(user.name),
    access: server.accessControl.accessOf(user.name),
    ipAddress: caller.ipAddress,
    userAgent: caller.userAgent,
    locale: args.locale ?? 'en_US',
  });
  caller.setCookie(session.cookie);
  return session.info;
}

export const sessionMethods: readonly ServedMethod[] = [
  serve(Login, ['SessionManager'], anonymous, login),
  serve(Logout, ['SessionManager'], view, (call) => {
    call.server.sessionStore.close(sessionOf(call));
    return undefined;
  }),
  serve(
    SessionIsActive,
    ['SessionManager'],
    'Sessions.ValidateSession',
    ({ server }, { sessionID, userName }) => {
      const session = server.sessionStore.byKey(sessionID);
      return session?.userName.toLowerCase() === userName.toLowerCase();
    },
    { vcenterOnly: true },
  ),
  serve(TerminateSession, ['SessionManager'], 'Sessions.TerminateSession', ({ server }, { sessionId }) => {
    const sessions = sessionId.map((key) => server.sessionStore.byKey(key));
    if (sessions.includes(undefined)) {
      throw faultError('NotFound');
    }
    for (const session of sessions) {
      if (session !== undefined) {
        server.sessionStore.close(session);
      }
    }
    return undefined;
  }),
  serve(SetLocale, ['SessionManager'], view, (call, { locale }) => {
    checkLocale(locale);
    sessionOf(call).locale = locale;
    return undefined;
  }),
];
