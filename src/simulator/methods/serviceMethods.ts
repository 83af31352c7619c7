import { CurrentTime, QueryOptions, RetrieveServiceContent, UpdateOptions } from '../../vsphere/vim/service';
import { OptionValue } from '../../vsphere/vim/service';
import { typed } from '../../vsphere/vim/schema';
import { anonymous, view } from '../access/privileges';
import { faultError, invalidArgument } from '../faultError';
import { sessionTimeoutOption } from '../projection/serviceProperties';
import { dateTime } from '../projection/viewer';
import { serve, type ServedMethod } from '../server/call';

export const serviceMethods: readonly ServedMethod[] = [
  serve(RetrieveServiceContent, ['ServiceInstance'], anonymous, ({ server }) => server.content),
  serve(CurrentTime, ['ServiceInstance'], view, ({ server }) => dateTime(server.clock.now())),
  serve(QueryOptions, ['OptionManager'], view, ({ server }, { name }) => {
    if (
      name !== undefined &&
      !(name.endsWith('.') ? sessionTimeoutOption.startsWith(name) : name === sessionTimeoutOption)
    ) {
      throw faultError('InvalidName', { name });
    }
    return [typed(OptionValue, { key: sessionTimeoutOption, value: server.sessionTimeoutSeconds() })];
  }),
  serve(UpdateOptions, ['OptionManager'], 'Global.Settings', ({ server }, { changedValue }) => {
    for (const { key, value } of changedValue) {
      if (key !== sessionTimeoutOption) {
        throw faultError('InvalidName', { name: key });
      }
      const seconds = Number(value);
      if (!Number.isInteger(seconds) || seconds < 0) {
        throw invalidArgument('changedValue');
      }
      server.sessionStore.idleTimeoutSeconds = seconds;
    }
    return undefined;
  }),
];
