BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('v3.2.0.a');
CREATE TABLE studies (
	study_id INTEGER NOT NULL, 
	study_name VARCHAR(512) NOT NULL, 
	PRIMARY KEY (study_id)
);
INSERT INTO "studies" VALUES(1,'mlp');
INSERT INTO "studies" VALUES(2,'two');
CREATE TABLE study_directions (
	study_direction_id INTEGER NOT NULL, 
	direction VARCHAR(8) NOT NULL, 
	study_id INTEGER NOT NULL, 
	objective INTEGER NOT NULL, 
	PRIMARY KEY (study_direction_id), 
	UNIQUE (study_id, objective), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO "study_directions" VALUES(1,'MINIMIZE',1,0);
INSERT INTO "study_directions" VALUES(2,'MINIMIZE',2,0);
INSERT INTO "study_directions" VALUES(3,'MAXIMIZE',2,1);
CREATE TABLE study_system_attributes (
	study_system_attribute_id INTEGER NOT NULL, 
	study_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (study_system_attribute_id), 
	UNIQUE (study_id, "key"), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO "study_system_attributes" VALUES(1,2,'study:metric_names','["loss", "accuracy"]');
CREATE TABLE study_user_attributes (
	study_user_attribute_id INTEGER NOT NULL, 
	study_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (study_user_attribute_id), 
	UNIQUE (study_id, "key"), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO "study_user_attributes" VALUES(1,1,'owner','"me"');
INSERT INTO "study_user_attributes" VALUES(2,1,'deep','{"x": [1, 2]}');
CREATE TABLE trial_heartbeats (
	trial_heartbeat_id INTEGER NOT NULL, 
	trial_id INTEGER NOT NULL, 
	heartbeat DATETIME NOT NULL, 
	PRIMARY KEY (trial_heartbeat_id), 
	UNIQUE (trial_id), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
CREATE TABLE trial_intermediate_values (
	trial_intermediate_value_id INTEGER NOT NULL, 
	trial_id INTEGER NOT NULL, 
	step INTEGER NOT NULL, 
	intermediate_value FLOAT, 
	intermediate_value_type VARCHAR(7) NOT NULL, 
	PRIMARY KEY (trial_intermediate_value_id), 
	UNIQUE (trial_id, step), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_intermediate_values" VALUES(1,1,0,3.88649907563353158579e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(2,1,10,3.38649907563353158579e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(3,1,20,3.21983240896686506715e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(4,2,0,1.00208720263917361315e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(5,2,10,5.02087202639173502127e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(6,2,20,3.35420535972506816957e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(7,3,0,3.15555937796487206981e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(8,3,10,2.65555937796487206981e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(9,3,20,2.48889271129820555117e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(10,4,0,1.04443503289967631886e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(11,4,10,5.4443503289967620784e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(12,4,20,3.77768366233009578181e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(13,5,0,1.52836852313866389252e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(14,5,10,NULL,'NAN');
INSERT INTO "trial_intermediate_values" VALUES(15,5,20,NULL,'INF_POS');
INSERT INTO "trial_intermediate_values" VALUES(16,6,0,2.28142259463451724244e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(17,6,10,1.78142259463451724244e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(18,6,20,1.61475592796785050175e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(19,7,0,1.39007137983091766386e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(20,7,10,8.90071379830917552844e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(21,7,20,7.23404713164250923185e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(22,8,0,1.08696697326470226308e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(23,8,10,5.8696697326470226308e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(24,8,20,4.20300306598035522398e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(25,9,0,1.05559085703409194501e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(26,9,10,0.555590857034092,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(27,9,20,3.88924190367425259839e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(28,10,0,1.88001471962315669372e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(29,10,10,1.38001471962315669372e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(30,10,20,1.21334805295649,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(31,11,0,1.06533844144061173864e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(32,11,10,5.65338441440611738642e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(33,11,20,0.398671774773945,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(34,12,0,5.6217788270319992705e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(35,12,10,5.1217788270319992705e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(36,12,20,4.95511216036533230777e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(37,13,0,2.45708581132861780815e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(38,13,10,1.9570858113286180302e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(39,13,20,1.79041914466195128952e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(40,14,0,4.90181465476597644226e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(41,14,10,4.40181465476597644226e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(42,14,20,4.23514798809930947953e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(43,15,0,2.34283007625548478358e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(44,15,10,1.84283007625548500563e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(45,15,20,1.67616340958881826495e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(46,16,0,2.65001906282639820844e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(47,16,10,2.15001906282639820844e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(48,16,20,1.98335239615973146776e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(49,17,0,7.91590599355006663273e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(50,17,10,7.41590599355006663273e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(51,17,20,7.2492393268834,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(52,18,0,1.00696230432245714681e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(53,18,10,5.0696230432245714681e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(54,18,20,3.4029563765579051715e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(55,19,0,9.11362864874408,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(56,19,10,8.61362864874408,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(57,19,20,8.44696198207741311136e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(58,20,0,6.42381783596297,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(59,20,10,5.92381783596297,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(60,20,20,5.75715116929630266184e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(61,21,0,4.12342936933478121375e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(62,21,10,3.62342936933478076966e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(63,21,20,3.45676270266811425102e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(64,22,0,2.30452857750348316656e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(65,22,10,1.80452857750348316656e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(66,22,20,1.63786191083681642588e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(67,23,0,3.68188566284869711608e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(68,23,10,3.18188566284869711608e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(69,23,20,3.01521899618203059745e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(70,24,0,1.83209141334408842638e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(71,24,10,1.33209141334408842638e+00,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(72,24,20,1.1654247466774216857e+00,'FINITE');
CREATE TABLE trial_params (
	param_id INTEGER NOT NULL, 
	trial_id INTEGER, 
	param_name VARCHAR(512), 
	param_value FLOAT, 
	distribution_json TEXT, 
	PRIMARY KEY (param_id), 
	UNIQUE (trial_id, param_name), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_params" VALUES(1,1,'optimizer',5.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["sgd", "adam", null, 1.0, 2.5, NaN]}}');
INSERT INTO "trial_params" VALUES(2,1,'lr/α β',0.5,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 1.0, "log": true}}');
INSERT INTO "trial_params" VALUES(3,1,'layers',2.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 3}}');
INSERT INTO "trial_params" VALUES(4,1,'units_0',16.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(5,1,'units_1',16.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(6,1,'batch',1.0,'{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 1, "high": 1024}}');
INSERT INTO "trial_params" VALUES(7,1,'grow',2.5,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 1.0, "log": false}}');
INSERT INTO "trial_params" VALUES(8,2,'optimizer',5.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["sgd", "adam", null, 1.0, 2.5, NaN]}}');
INSERT INTO "trial_params" VALUES(9,2,'lr/α β',0.00900148344475463,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 1.0, "log": true}}');
INSERT INTO "trial_params" VALUES(10,2,'layers',1.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 3}}');
INSERT INTO "trial_params" VALUES(11,2,'units_0',40.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(12,2,'batch',4.0,'{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 1, "high": 1024}}');
INSERT INTO "trial_params" VALUES(13,2,'grow',8.3020239402013928931e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 2.0, "log": false}}');
INSERT INTO "trial_params" VALUES(14,3,'optimizer',5.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["sgd", "adam", null, 1.0, 2.5, NaN]}}');
INSERT INTO "trial_params" VALUES(15,3,'lr/α β',3.40265299649297530901e-04,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 1.0, "log": true}}');
INSERT INTO "trial_params" VALUES(16,3,'layers',1.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 3}}');
INSERT INTO "trial_params" VALUES(17,3,'units_0',32.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(18,3,'batch',631.0,'{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 1, "high": 1024}}');
INSERT INTO "trial_params" VALUES(19,3,'grow',2.92798626741880152479e+00,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 3.0, "log": false}}');
INSERT INTO "trial_params" VALUES(20,4,'optimizer',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["sgd", "adam", null, 1.0, 2.5, NaN]}}');
INSERT INTO "trial_params" VALUES(21,4,'lr/α β',6.1546563948734322319e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 1.0, "log": true}}');
INSERT INTO "trial_params" VALUES(22,4,'layers',2.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 3}}');
INSERT INTO "trial_params" VALUES(23,4,'units_0',16.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(24,4,'units_1',32.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(25,4,'batch',18.0,'{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 1, "high": 1024}}');
INSERT INTO "trial_params" VALUES(26,4,'grow',2.69235578251061258292e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 1.0, "log": false}}');
INSERT INTO "trial_params" VALUES(27,5,'optimizer',2.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["sgd", "adam", null, 1.0, 2.5, NaN]}}');
INSERT INTO "trial_params" VALUES(28,5,'lr/α β',1.87547110568131425965e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 1.0, "log": true}}');
INSERT INTO "trial_params" VALUES(29,5,'layers',1.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 3}}');
INSERT INTO "trial_params" VALUES(30,5,'units_0',16.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(31,5,'batch',25.0,'{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 1, "high": 1024}}');
INSERT INTO "trial_params" VALUES(32,5,'grow',1.74458737561609344979e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 2.0, "log": false}}');
INSERT INTO "trial_params" VALUES(33,6,'optimizer',3.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["sgd", "adam", null, 1.0, 2.5, NaN]}}');
INSERT INTO "trial_params" VALUES(34,6,'lr/α β',7.37905284829179302329e-04,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 1.0, "log": true}}');
INSERT INTO "trial_params" VALUES(35,6,'layers',3.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 3}}');
INSERT INTO "trial_params" VALUES(36,6,'units_0',24.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(37,6,'units_1',40.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(38,6,'units_2',24.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(39,6,'batch',15.0,'{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 1, "high": 1024}}');
INSERT INTO "trial_params" VALUES(40,6,'grow',1.84586792489817796969e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 3.0, "log": false}}');
INSERT INTO "trial_params" VALUES(41,7,'optimizer',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["sgd", "adam", null, 1.0, 2.5, NaN]}}');
INSERT INTO "trial_params" VALUES(42,7,'lr/α β',2.37379413876771458435e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 1.0, "log": true}}');
INSERT INTO "trial_params" VALUES(43,7,'layers',2.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 3}}');
INSERT INTO "trial_params" VALUES(44,7,'units_0',8.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(45,7,'units_1',8.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(46,7,'batch',2.0,'{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 1, "high": 1024}}');
INSERT INTO "trial_params" VALUES(47,7,'grow',1.5186099700854105432e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 1.0, "log": false}}');
INSERT INTO "trial_params" VALUES(48,8,'optimizer',4.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["sgd", "adam", null, 1.0, 2.5, NaN]}}');
INSERT INTO "trial_params" VALUES(49,8,'lr/α β',5.07105553623591817635e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 1.0, "log": true}}');
INSERT INTO "trial_params" VALUES(50,8,'layers',3.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 3}}');
INSERT INTO "trial_params" VALUES(51,8,'units_0',24.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(52,8,'units_1',64.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(53,8,'units_2',56.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(54,8,'batch',127.0,'{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 1, "high": 1024}}');
INSERT INTO "trial_params" VALUES(55,8,'grow',9.60479912170820071537e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 2.0, "log": false}}');
INSERT INTO "trial_params" VALUES(56,9,'optimizer',3.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["sgd", "adam", null, 1.0, 2.5, NaN]}}');
INSERT INTO "trial_params" VALUES(57,9,'lr/α β',5.81062523346094570581e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 1.0, "log": true}}');
INSERT INTO "trial_params" VALUES(58,9,'layers',1.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 3}}');
INSERT INTO "trial_params" VALUES(59,9,'units_0',16.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(60,9,'batch',126.0,'{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 1, "high": 1024}}');
INSERT INTO "trial_params" VALUES(61,9,'grow',2.35481011029339315498e+00,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 3.0, "log": false}}');
INSERT INTO "trial_params" VALUES(62,10,'optimizer',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["sgd", "adam", null, 1.0, 2.5, NaN]}}');
INSERT INTO "trial_params" VALUES(63,10,'lr/α β',8.67143548902270383527e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 1.0, "log": true}}');
INSERT INTO "trial_params" VALUES(64,10,'momentum',0.4,'{"name": "FloatDistribution", "attributes": {"step": 0.1, "low": 0.0, "high": 0.9, "log": false}}');
INSERT INTO "trial_params" VALUES(65,10,'layers',2.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 3}}');
INSERT INTO "trial_params" VALUES(66,10,'units_0',16.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(67,10,'units_1',16.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(68,10,'batch',1.0,'{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 1, "high": 1024}}');
INSERT INTO "trial_params" VALUES(69,10,'grow',8.92393187587092517887e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 1.0, "log": false}}');
INSERT INTO "trial_params" VALUES(70,11,'optimizer',5.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["sgd", "adam", null, 1.0, 2.5, NaN]}}');
INSERT INTO "trial_params" VALUES(71,11,'lr/α β',1.80141532149350261371e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 1.0, "log": true}}');
INSERT INTO "trial_params" VALUES(72,11,'layers',2.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 3}}');
INSERT INTO "trial_params" VALUES(73,11,'units_0',24.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(74,11,'units_1',48.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(75,11,'batch',735.0,'{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 1, "high": 1024}}');
INSERT INTO "trial_params" VALUES(76,11,'grow',8.7104111235038561567e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 2.0, "log": false}}');
INSERT INTO "trial_params" VALUES(77,12,'optimizer',3.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["sgd", "adam", null, 1.0, 2.5, NaN]}}');
INSERT INTO "trial_params" VALUES(78,12,'lr/α β',7.08219240396141852707e-05,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 1.0, "log": true}}');
INSERT INTO "trial_params" VALUES(79,12,'layers',1.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 3}}');
INSERT INTO "trial_params" VALUES(80,12,'units_0',48.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(81,12,'batch',462.0,'{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 1, "high": 1024}}');
INSERT INTO "trial_params" VALUES(82,12,'grow',1.02206545338047849469e+00,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 3.0, "log": false}}');
INSERT INTO "trial_params" VALUES(83,13,'optimizer',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["sgd", "adam", null, 1.0, 2.5, NaN]}}');
INSERT INTO "trial_params" VALUES(84,13,'lr/α β',1.61100947673252836711e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 1.0, "log": true}}');
INSERT INTO "trial_params" VALUES(85,13,'layers',3.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 3}}');
INSERT INTO "trial_params" VALUES(86,13,'units_0',24.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(87,13,'units_1',48.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(88,13,'units_2',16.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(89,13,'batch',5.0,'{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 1, "high": 1024}}');
INSERT INTO "trial_params" VALUES(90,13,'grow',4.1958275668294453542e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 1.0, "log": false}}');
INSERT INTO "trial_params" VALUES(91,14,'optimizer',4.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["sgd", "adam", null, 1.0, 2.5, NaN]}}');
INSERT INTO "trial_params" VALUES(92,14,'lr/α β',1.05851945504535722357e-04,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 1.0, "log": true}}');
INSERT INTO "trial_params" VALUES(93,14,'layers',1.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 3}}');
INSERT INTO "trial_params" VALUES(94,14,'units_0',56.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(95,14,'batch',786.0,'{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 1, "high": 1024}}');
INSERT INTO "trial_params" VALUES(96,14,'grow',1.39761999676084691657e+00,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 2.0, "log": false}}');
INSERT INTO "trial_params" VALUES(97,15,'optimizer',3.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["sgd", "adam", null, 1.0, 2.5, NaN]}}');
INSERT INTO "trial_params" VALUES(98,15,'lr/α β',1.44146948237162730865e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 1.0, "log": true}}');
INSERT INTO "trial_params" VALUES(99,15,'layers',3.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 3}}');
INSERT INTO "trial_params" VALUES(100,15,'units_0',24.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(101,15,'units_1',24.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(102,15,'units_2',32.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(103,15,'batch',31.0,'{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 1, "high": 1024}}');
INSERT INTO "trial_params" VALUES(104,15,'grow',2.86700445019840710614e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 3.0, "log": false}}');
INSERT INTO "trial_params" VALUES(105,16,'optimizer',4.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["sgd", "adam", null, 1.0, 2.5, NaN]}}');
INSERT INTO "trial_params" VALUES(106,16,'lr/α β',5.19360985175476097888e-04,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 1.0, "log": true}}');
INSERT INTO "trial_params" VALUES(107,16,'layers',3.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 3}}');
INSERT INTO "trial_params" VALUES(108,16,'units_0',48.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(109,16,'units_1',56.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(110,16,'units_2',8.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(111,16,'batch',1.0,'{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 1, "high": 1024}}');
INSERT INTO "trial_params" VALUES(112,16,'grow',7.42737273549628818081e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 1.0, "log": false}}');
INSERT INTO "trial_params" VALUES(113,17,'optimizer',3.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["sgd", "adam", null, 1.0, 2.5, NaN]}}');
INSERT INTO "trial_params" VALUES(114,17,'lr/α β',2.34524911851057232901e-05,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 1.0, "log": true}}');
INSERT INTO "trial_params" VALUES(115,17,'layers',2.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 3}}');
INSERT INTO "trial_params" VALUES(116,17,'units_0',8.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(117,17,'units_1',64.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(118,17,'batch',15.0,'{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 1, "high": 1024}}');
INSERT INTO "trial_params" VALUES(119,17,'grow',1.37099836523673523913e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 2.0, "log": false}}');
INSERT INTO "trial_params" VALUES(120,18,'optimizer',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["sgd", "adam", null, 1.0, 2.5, NaN]}}');
INSERT INTO "trial_params" VALUES(121,18,'lr/α β',8.25200678158128156369e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 1.0, "log": true}}');
INSERT INTO "trial_params" VALUES(122,18,'layers',2.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 3}}');
INSERT INTO "trial_params" VALUES(123,18,'units_0',24.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(124,18,'units_1',40.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(125,18,'batch',2.0,'{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 1, "high": 1024}}');
INSERT INTO "trial_params" VALUES(126,18,'grow',8.26525426301080834434e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 3.0, "log": false}}');
INSERT INTO "trial_params" VALUES(127,19,'optimizer',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["sgd", "adam", null, 1.0, 2.5, NaN]}}');
INSERT INTO "trial_params" VALUES(128,19,'lr/α β',1.41761011258251780689e-05,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 1.0, "log": true}}');
INSERT INTO "trial_params" VALUES(129,19,'momentum',0.4,'{"name": "FloatDistribution", "attributes": {"step": 0.1, "low": 0.0, "high": 0.9, "log": false}}');
INSERT INTO "trial_params" VALUES(130,19,'layers',1.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 3}}');
INSERT INTO "trial_params" VALUES(131,19,'units_0',48.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(132,19,'batch',215.0,'{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 1, "high": 1024}}');
INSERT INTO "trial_params" VALUES(133,19,'grow',5.78163358737710186829e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 1.0, "log": false}}');
INSERT INTO "trial_params" VALUES(134,20,'optimizer',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["sgd", "adam", null, 1.0, 2.5, NaN]}}');
INSERT INTO "trial_params" VALUES(135,20,'lr/α β',4.68911461782687850191e-05,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 1.0, "log": true}}');
INSERT INTO "trial_params" VALUES(136,20,'momentum',0.2,'{"name": "FloatDistribution", "attributes": {"step": 0.1, "low": 0.0, "high": 0.9, "log": false}}');
INSERT INTO "trial_params" VALUES(137,20,'layers',3.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 3}}');
INSERT INTO "trial_params" VALUES(138,20,'units_0',24.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(139,20,'units_1',32.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(140,20,'units_2',64.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(141,20,'batch',4.0,'{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 1, "high": 1024}}');
INSERT INTO "trial_params" VALUES(142,20,'grow',2.90579917707127766135e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 2.0, "log": false}}');
INSERT INTO "trial_params" VALUES(143,21,'optimizer',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["sgd", "adam", null, 1.0, 2.5, NaN]}}');
INSERT INTO "trial_params" VALUES(144,21,'lr/α β',1.70874534437487053759e-04,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 1.0, "log": true}}');
INSERT INTO "trial_params" VALUES(145,21,'momentum',7.00000000000000066613e-01,'{"name": "FloatDistribution", "attributes": {"step": 0.1, "low": 0.0, "high": 0.9, "log": false}}');
INSERT INTO "trial_params" VALUES(146,21,'layers',1.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 3}}');
INSERT INTO "trial_params" VALUES(147,21,'units_0',24.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(148,21,'batch',936.0,'{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 1, "high": 1024}}');
INSERT INTO "trial_params" VALUES(149,21,'grow',2.91366669068092676297e+00,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 3.0, "log": false}}');
INSERT INTO "trial_params" VALUES(150,22,'optimizer',4.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["sgd", "adam", null, 1.0, 2.5, NaN]}}');
INSERT INTO "trial_params" VALUES(151,22,'lr/α β',1.38726558084492690436e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 1.0, "log": true}}');
INSERT INTO "trial_params" VALUES(152,22,'layers',1.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 3}}');
INSERT INTO "trial_params" VALUES(153,22,'units_0',56.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(154,22,'batch',87.0,'{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 1, "high": 1024}}');
INSERT INTO "trial_params" VALUES(155,22,'grow',4.45914109910868550201e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 1.0, "log": false}}');
INSERT INTO "trial_params" VALUES(156,23,'optimizer',5.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["sgd", "adam", null, 1.0, 2.5, NaN]}}');
INSERT INTO "trial_params" VALUES(157,23,'lr/α β',4.34156571564198290325e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 1.0, "log": true}}');
INSERT INTO "trial_params" VALUES(158,23,'layers',1.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 3}}');
INSERT INTO "trial_params" VALUES(159,23,'units_0',24.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(160,23,'batch',493.0,'{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 1, "high": 1024}}');
INSERT INTO "trial_params" VALUES(161,23,'grow',6.91034677430256927266e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 2.0, "log": false}}');
INSERT INTO "trial_params" VALUES(162,24,'optimizer',3.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["sgd", "adam", null, 1.0, 2.5, NaN]}}');
INSERT INTO "trial_params" VALUES(163,24,'lr/α β',1.22407929508332158873e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 1.0, "log": true}}');
INSERT INTO "trial_params" VALUES(164,24,'layers',1.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 3}}');
INSERT INTO "trial_params" VALUES(165,24,'units_0',64.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 8, "low": 8, "high": 64}}');
INSERT INTO "trial_params" VALUES(166,24,'batch',82.0,'{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 1, "high": 1024}}');
INSERT INTO "trial_params" VALUES(167,24,'grow',2.36649703002890143821e+00,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 3.0, "log": false}}');
INSERT INTO "trial_params" VALUES(168,25,'lr/α β',3.01090917764606891271e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 1.0, "log": true}}');
INSERT INTO "trial_params" VALUES(169,27,'x',9.67029839013676673076e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 1.0, "log": false}}');
INSERT INTO "trial_params" VALUES(170,27,'k',3.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 5}}');
INSERT INTO "trial_params" VALUES(171,28,'x',9.72684359964884337479e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 1.0, "log": false}}');
INSERT INTO "trial_params" VALUES(172,28,'k',4.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 5}}');
INSERT INTO "trial_params" VALUES(173,29,'x',6.97728824597270813612e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 1.0, "log": false}}');
INSERT INTO "trial_params" VALUES(174,29,'k',2.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 5}}');
INSERT INTO "trial_params" VALUES(175,30,'x',9.76274454776241751297e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 1.0, "log": false}}');
INSERT INTO "trial_params" VALUES(176,30,'k',1.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 1, "high": 5}}');
CREATE TABLE trial_system_attributes (
	trial_system_attribute_id INTEGER NOT NULL, 
	trial_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (trial_system_attribute_id), 
	UNIQUE (trial_id, "key"), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_system_attributes" VALUES(1,1,'fixed_params','{"lr/\u03b1 \u03b2": 0.5, "layers": 2, "grow": 2.5}');
INSERT INTO "trial_system_attributes" VALUES(2,26,'fixed_params','{"lr/\u03b1 \u03b2": 0.25, "layers": 1}');
CREATE TABLE trial_user_attributes (
	trial_user_attribute_id INTEGER NOT NULL, 
	trial_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (trial_user_attribute_id), 
	UNIQUE (trial_id, "key"), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_user_attributes" VALUES(1,1,'note','"n0"');
INSERT INTO "trial_user_attributes" VALUES(2,1,'list','[1, 2.5, null, {"a": true}]');
INSERT INTO "trial_user_attributes" VALUES(3,2,'note','"n1"');
INSERT INTO "trial_user_attributes" VALUES(4,2,'list','[1, 2.5, null, {"a": true}]');
INSERT INTO "trial_user_attributes" VALUES(5,3,'note','"n2"');
INSERT INTO "trial_user_attributes" VALUES(6,3,'list','[1, 2.5, null, {"a": true}]');
INSERT INTO "trial_user_attributes" VALUES(7,3,'imported','"a word of the user''s"');
INSERT INTO "trial_user_attributes" VALUES(8,3,'bad','NaN');
INSERT INTO "trial_user_attributes" VALUES(9,4,'note','"n3"');
INSERT INTO "trial_user_attributes" VALUES(10,4,'list','[1, 2.5, null, {"a": true}]');
INSERT INTO "trial_user_attributes" VALUES(11,5,'note','"n4"');
INSERT INTO "trial_user_attributes" VALUES(12,5,'list','[1, 2.5, null, {"a": true}]');
INSERT INTO "trial_user_attributes" VALUES(13,6,'note','"n5"');
INSERT INTO "trial_user_attributes" VALUES(14,6,'list','[1, 2.5, null, {"a": true}]');
INSERT INTO "trial_user_attributes" VALUES(15,7,'note','"n6"');
INSERT INTO "trial_user_attributes" VALUES(16,7,'list','[1, 2.5, null, {"a": true}]');
INSERT INTO "trial_user_attributes" VALUES(17,8,'note','"n7"');
INSERT INTO "trial_user_attributes" VALUES(18,8,'list','[1, 2.5, null, {"a": true}]');
INSERT INTO "trial_user_attributes" VALUES(19,9,'note','"n8"');
INSERT INTO "trial_user_attributes" VALUES(20,9,'list','[1, 2.5, null, {"a": true}]');
INSERT INTO "trial_user_attributes" VALUES(21,10,'note','"n9"');
INSERT INTO "trial_user_attributes" VALUES(22,10,'list','[1, 2.5, null, {"a": true}]');
INSERT INTO "trial_user_attributes" VALUES(23,11,'note','"n10"');
INSERT INTO "trial_user_attributes" VALUES(24,11,'list','[1, 2.5, null, {"a": true}]');
INSERT INTO "trial_user_attributes" VALUES(25,12,'note','"n11"');
INSERT INTO "trial_user_attributes" VALUES(26,12,'list','[1, 2.5, null, {"a": true}]');
INSERT INTO "trial_user_attributes" VALUES(27,13,'note','"n12"');
INSERT INTO "trial_user_attributes" VALUES(28,13,'list','[1, 2.5, null, {"a": true}]');
INSERT INTO "trial_user_attributes" VALUES(29,14,'note','"n13"');
INSERT INTO "trial_user_attributes" VALUES(30,14,'list','[1, 2.5, null, {"a": true}]');
INSERT INTO "trial_user_attributes" VALUES(31,15,'note','"n14"');
INSERT INTO "trial_user_attributes" VALUES(32,15,'list','[1, 2.5, null, {"a": true}]');
INSERT INTO "trial_user_attributes" VALUES(33,16,'note','"n15"');
INSERT INTO "trial_user_attributes" VALUES(34,16,'list','[1, 2.5, null, {"a": true}]');
INSERT INTO "trial_user_attributes" VALUES(35,17,'note','"n16"');
INSERT INTO "trial_user_attributes" VALUES(36,17,'list','[1, 2.5, null, {"a": true}]');
INSERT INTO "trial_user_attributes" VALUES(37,18,'note','"n17"');
INSERT INTO "trial_user_attributes" VALUES(38,18,'list','[1, 2.5, null, {"a": true}]');
INSERT INTO "trial_user_attributes" VALUES(39,19,'note','"n18"');
INSERT INTO "trial_user_attributes" VALUES(40,19,'list','[1, 2.5, null, {"a": true}]');
INSERT INTO "trial_user_attributes" VALUES(41,20,'note','"n19"');
INSERT INTO "trial_user_attributes" VALUES(42,20,'list','[1, 2.5, null, {"a": true}]');
INSERT INTO "trial_user_attributes" VALUES(43,21,'note','"n20"');
INSERT INTO "trial_user_attributes" VALUES(44,21,'list','[1, 2.5, null, {"a": true}]');
INSERT INTO "trial_user_attributes" VALUES(45,22,'note','"n21"');
INSERT INTO "trial_user_attributes" VALUES(46,22,'list','[1, 2.5, null, {"a": true}]');
INSERT INTO "trial_user_attributes" VALUES(47,23,'note','"n22"');
INSERT INTO "trial_user_attributes" VALUES(48,23,'list','[1, 2.5, null, {"a": true}]');
INSERT INTO "trial_user_attributes" VALUES(49,24,'note','"n23"');
INSERT INTO "trial_user_attributes" VALUES(50,24,'list','[1, 2.5, null, {"a": true}]');
CREATE TABLE trial_values (
	trial_value_id INTEGER NOT NULL, 
	trial_id INTEGER NOT NULL, 
	objective INTEGER NOT NULL, 
	value FLOAT, 
	value_type VARCHAR(7) NOT NULL, 
	PRIMARY KEY (trial_value_id), 
	UNIQUE (trial_id, objective), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_values" VALUES(1,1,0,4.88649907563353202988e+00,'FINITE');
INSERT INTO "trial_values" VALUES(2,2,0,1.00208720263917361315e+00,'FINITE');
INSERT INTO "trial_values" VALUES(3,3,0,3.15555937796487206981e+00,'FINITE');
INSERT INTO "trial_values" VALUES(4,4,0,3.77768366233009578181e-01,'FINITE');
INSERT INTO "trial_values" VALUES(5,5,0,1.52836852313866389252e+00,'FINITE');
INSERT INTO "trial_values" VALUES(6,7,0,2.39007137983091766386e+00,'FINITE');
INSERT INTO "trial_values" VALUES(7,8,0,3.08696697326470204103e+00,'FINITE');
INSERT INTO "trial_values" VALUES(8,10,0,NULL,'INF_POS');
INSERT INTO "trial_values" VALUES(9,11,0,0.398671774773945,'FINITE');
INSERT INTO "trial_values" VALUES(10,12,0,5.6217788270319992705e+00,'FINITE');
INSERT INTO "trial_values" VALUES(11,13,0,4.45708581132861780815e+00,'FINITE');
INSERT INTO "trial_values" VALUES(12,14,0,4.90181465476597644226e+00,'FINITE');
INSERT INTO "trial_values" VALUES(13,15,0,4.34283007625548478358e+00,'FINITE');
INSERT INTO "trial_values" VALUES(14,16,0,4.65001906282639865253e+00,'FINITE');
INSERT INTO "trial_values" VALUES(15,18,0,3.4029563765579051715e-01,'FINITE');
INSERT INTO "trial_values" VALUES(16,19,0,9.11362864874408,'FINITE');
INSERT INTO "trial_values" VALUES(17,20,0,8.42381783596297,'FINITE');
INSERT INTO "trial_values" VALUES(18,21,0,4.12342936933478121375e+00,'FINITE');
INSERT INTO "trial_values" VALUES(19,22,0,2.30452857750348316656e+00,'FINITE');
INSERT INTO "trial_values" VALUES(20,23,0,3.68188566284869711608e+00,'FINITE');
INSERT INTO "trial_values" VALUES(21,24,0,1.83209141334408842638e+00,'FINITE');
INSERT INTO "trial_values" VALUES(22,27,0,9.67029839013676673076e-01,'FINITE');
INSERT INTO "trial_values" VALUES(23,27,1,3.0,'FINITE');
INSERT INTO "trial_values" VALUES(24,28,0,9.72684359964884337479e-01,'FINITE');
INSERT INTO "trial_values" VALUES(25,28,1,4.0,'FINITE');
INSERT INTO "trial_values" VALUES(26,29,0,6.97728824597270813612e-01,'FINITE');
INSERT INTO "trial_values" VALUES(27,29,1,2.0,'FINITE');
INSERT INTO "trial_values" VALUES(28,30,0,9.76274454776241751297e-01,'FINITE');
INSERT INTO "trial_values" VALUES(29,30,1,1.0,'FINITE');
CREATE TABLE trials (
	trial_id INTEGER NOT NULL, 
	number INTEGER, 
	study_id INTEGER, 
	state VARCHAR(8) NOT NULL, 
	datetime_start DATETIME, 
	datetime_complete DATETIME, 
	PRIMARY KEY (trial_id), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO "trials" VALUES(1,0,1,'COMPLETE','2026-11-29 13:55:34.202756','2026-11-29 13:55:34.894516');
INSERT INTO "trials" VALUES(2,1,1,'COMPLETE','2026-11-29 13:55:34.960017','2026-11-29 13:55:35.447740');
INSERT INTO "trials" VALUES(3,2,1,'COMPLETE','2026-11-29 13:55:35.498591','2026-11-29 13:55:36.003902');
INSERT INTO "trials" VALUES(4,3,1,'PRUNED','2026-11-29 13:55:36.078790','2026-11-29 13:55:36.552814');
INSERT INTO "trials" VALUES(5,4,1,'COMPLETE','2026-11-29 13:55:36.626534','2026-11-29 13:55:37.088482');
INSERT INTO "trials" VALUES(6,5,1,'FAIL','2026-11-29 13:55:37.124735','2026-11-29 13:55:37.726422');
INSERT INTO "trials" VALUES(7,6,1,'COMPLETE','2026-11-29 13:55:37.745452','2026-11-29 13:55:37.886918');
INSERT INTO "trials" VALUES(8,7,1,'COMPLETE','2026-11-29 13:55:37.994082','2026-11-29 13:55:38.548495');
INSERT INTO "trials" VALUES(9,8,1,'FAIL','2026-11-29 13:55:38.589440','2026-11-29 13:55:39.028223');
INSERT INTO "trials" VALUES(10,9,1,'COMPLETE','2026-11-29 13:55:39.140504','2026-11-29 13:55:39.404121');
INSERT INTO "trials" VALUES(11,10,1,'PRUNED','2026-11-29 13:55:39.473547','2026-11-29 13:55:39.878806');
INSERT INTO "trials" VALUES(12,11,1,'COMPLETE','2026-11-29 13:55:39.962335','2026-11-29 13:55:40.317778');
INSERT INTO "trials" VALUES(13,12,1,'COMPLETE','2026-11-29 13:55:40.376197','2026-11-29 13:55:40.999431');
INSERT INTO "trials" VALUES(14,13,1,'COMPLETE','2026-11-29 13:55:41.065160','2026-11-29 13:55:41.585840');
INSERT INTO "trials" VALUES(15,14,1,'COMPLETE','2026-11-29 13:55:41.676490','2026-11-29 13:55:42.239191');
INSERT INTO "trials" VALUES(16,15,1,'COMPLETE','2026-11-29 13:55:42.350254','2026-11-29 13:55:42.973736');
INSERT INTO "trials" VALUES(17,16,1,'FAIL','2026-11-29 13:55:43.041646','2026-11-29 13:55:43.622352');
INSERT INTO "trials" VALUES(18,17,1,'PRUNED','2026-11-29 13:55:43.702959','2026-11-29 13:55:44.244100');
INSERT INTO "trials" VALUES(19,18,1,'COMPLETE','2026-11-29 13:55:44.330648','2026-11-29 13:55:44.870121');
INSERT INTO "trials" VALUES(20,19,1,'COMPLETE','2026-11-29 13:55:44.934894','2026-11-29 13:55:45.598488');
INSERT INTO "trials" VALUES(21,20,1,'COMPLETE','2026-11-29 13:55:45.681938','2026-11-29 13:55:46.241959');
INSERT INTO "trials" VALUES(22,21,1,'COMPLETE','2026-11-29 13:55:46.315367','2026-11-29 13:55:46.767923');
INSERT INTO "trials" VALUES(23,22,1,'COMPLETE','2026-11-29 13:55:46.824462','2026-11-29 13:55:47.319964');
INSERT INTO "trials" VALUES(24,23,1,'COMPLETE','2026-11-29 13:55:47.382861','2026-11-29 13:55:47.882205');
INSERT INTO "trials" VALUES(25,24,1,'RUNNING','2026-11-29 13:55:47.950847',NULL);
INSERT INTO "trials" VALUES(26,25,1,'WAITING',NULL,NULL);
INSERT INTO "trials" VALUES(27,0,2,'COMPLETE','2026-11-29 13:55:48.650739','2026-11-29 13:55:48.908995');
INSERT INTO "trials" VALUES(28,1,2,'COMPLETE','2026-11-29 13:55:48.971715','2026-11-29 13:55:49.123580');
INSERT INTO "trials" VALUES(29,2,2,'COMPLETE','2026-11-29 13:55:49.180571','2026-11-29 13:55:49.345865');
INSERT INTO "trials" VALUES(30,3,2,'COMPLETE','2026-11-29 13:55:49.380615','2026-11-29 13:55:49.539515');
CREATE TABLE version_info (
	version_info_id INTEGER NOT NULL, 
	schema_version INTEGER, 
	library_version VARCHAR(256), 
	PRIMARY KEY (version_info_id), 
	CHECK (version_info_id=1)
);
INSERT INTO "version_info" VALUES(1,12,'5.0.0');
CREATE UNIQUE INDEX ix_studies_study_name ON studies (study_name);
CREATE INDEX ix_trials_study_id ON trials (study_id);
COMMIT;
