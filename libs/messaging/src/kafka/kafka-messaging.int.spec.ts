import { describeWithKafka, kafkaOfTests } from '#testing/kafka-suite.js';
import { kafkaEngine } from '#testing/messaging-kafka.js';
import { messagingContract } from '../messaging.contract.js';

describeWithKafka('messaging over Kafka', () => {
  messagingContract(() => kafkaEngine(kafkaOfTests()));
});
