import { randomUUID } from 'node:crypto';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import type { IGossipServer } from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type { IServerFeaturesServer } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import { uuidOf } from './wire.js';

const leader = 8;
const supported = ['batchappend', 'append', 'read', 'delete', 'tombstone'];

/** Tells which version it is taken for, and which methods it has. */
export const featuresService: IServerFeaturesServer = {
  getSupportedMethods(_call, answer) {
    const methods = supported.map((name) =>
      new features.SupportedMethod()
        .setServiceName('event_store.client.streams.streams')
        .setMethodName(name)
        .setFeaturesList(name === 'batchappend' ? ['deadline_duration'] : []),
    );
    answer(
      null,
      new features.SupportedMethods().setMethodsList(methods).setEventStoreServerVersion('23.10.8'),
    );
  },
};

/** Tells a client that looks for the nodes of a cluster that there is this one, and that it leads. */
export const gossipService: IGossipServer = {
  read(call, answer) {
    const [address = '', port = ''] = call.getHost().split(':');
    const member = new gossip.MemberInfo()
      .setInstanceId(uuidOf(randomUUID()))
      .setState(leader)
      .setIsAlive(true)
      .setHttpEndPoint(new gossip.EndPoint().setAddress(address).setPort(Number(port)));
    answer(null, new gossip.ClusterInfo().setMembersList([member]));
  },
};
