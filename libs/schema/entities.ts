import { Campaign } from '../campaigns/campaign.entity.js';
import { CampaignVersion } from '../campaigns/campaign-version.entity.js';
import { Enrolment } from '../campaigns/enrolment.entity.js';
import { TriggerState } from '../campaigns/trigger-state.entity.js';
import { ConsentEvent } from '../consent/consent-event.entity.js';
import { ContactPoint } from '../customers/contact-point.entity.js';
import { CustomerEvent } from '../customers/customer-event.entity.js';
import { Customer } from '../customers/customer.entity.js';
import { Suppression } from '../consent/suppression.entity.js';
import { StoredEvent } from '../outbox/domain-event.entity.js';
import { StepVisit } from '../campaigns/step-visit.entity.js';
import { AnswerRate } from '../messaging/habits/answer-rate.entity.js';
import { MessageRequest } from '../messaging/planning/message-request.entity.js';
import { Message } from '../messaging/ledger/message.entity.js';
import { Provider } from '../messaging/providers/provider.entity.js';
import { Alert } from '../access/alert.entity.js';
import { ApiKey } from '../access/api-key.entity.js';
import { Session } from '../access/session.entity.js';
import { IdempotentRequest } from '../access/idempotent-request.entity.js';
import { RunningProcess } from '../access/process.entity.js';
import { Erasure } from '../lifecycle/erasure.entity.js';
import { ContentDocument, Publication, PublicationDocument } from '../content/publication.entity.js';
import { Reply } from '../responses/reply.entity.js';
import { Response } from '../responses/response.entity.js';
import { Task } from '../responses/task.entity.js';
import { ScoreModel } from '../scoring/registry/score-model.entity.js';
import { ScoreWatch } from '../scoring/registry/score-watch.entity.js';
import { ScoreSweep } from '../scoring/sweep/score-sweep.entity.js';
import { ScoreHistory } from '../scores/score-history.entity.js';
import { Score } from '../scores/score.entity.js';
import { ShadowScore } from '../scores/shadow-score.entity.js';
import { Segment } from '../segments/segment.entity.js';
import { Decision } from '../offers/decision.entity.js';
import { Offer } from '../offers/offer.entity.js';
import { Treatment } from '../treatments/treatment.entity.js';

/** Every table, each once. */
export const entities = [
  Customer,
  ContactPoint,
  ConsentEvent,
  Suppression,
  CustomerEvent,
  ScoreModel,
  ScoreWatch,
  ScoreSweep,
  Score,
  ScoreHistory,
  ShadowScore,
  Segment,
  Campaign,
  CampaignVersion,
  TriggerState,
  Enrolment,
  StepVisit,
  StoredEvent,
  Treatment,
  Decision,
  Offer,
  Message,
  MessageRequest,
  Response,
  Task,
  Reply,
  Erasure,
  Provider,
  AnswerRate,
  Alert,
  ApiKey,
  Session,
  IdempotentRequest,
  RunningProcess,
  Publication,
  ContentDocument,
  PublicationDocument,
];
